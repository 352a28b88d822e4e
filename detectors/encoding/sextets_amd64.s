#include "textflag.h"
#include "classes_amd64.h"

// func classVector(c *classes, text *byte, n int) (at int)
TEXT ·classVector(SB), NOSPLIT, $0-32
	MOVQ c+0(FP), AX
	MOVQ text+8(FP), SI
	MOVQ n+16(FP), CX
	CLASS(AX, Y0, Y1, Y2, X2, Y3)
	XORQ DX, DX

block:
	VMOVDQU (SI)(DX*1), Y4
	OTHERS(Y4, Y5, Y0, Y1, Y2, Y3, R8)
	TESTL R8, R8
	JNZ other
	ADDQ $32, DX
	CMPQ DX, CX
	JLT block
	MOVQ DX, at+24(FP)
	VZEROUPPER
	RET

other:
	BSFL R8, R8
	ADDQ R8, DX
	MOVQ DX, at+24(FP)
	VZEROUPPER
	RET

// SHIFT shifts the characters in Y0 that are the sign at off(AX) by what is behind it.
#define SHIFT(off) \
	VPCMPEQB off+0(AX), Y0, Y4 \
	VPAND    off+32(AX), Y4, Y4 \
	VPADDB   Y4, Y3, Y3

// func undoVector(u *undoingTables, dst, chars *byte, blocks int) (undone int)
TEXT ·undoVector(SB), NOSPLIT, $0-40
	MOVQ u+0(FP), AX
	MOVQ dst+8(FP), DI
	MOVQ chars+16(FP), SI
	MOVQ blocks+24(FP), CX
	VMOVDQU 0(AX), Y14
	VMOVDQU 32(AX), Y13
	VMOVDQU 64(AX), Y12  // shifts
	VMOVDQU 288(AX), Y11 // pairs
	VMOVDQU 320(AX), Y10 // fours
	VMOVDQU 352(AX), Y9  // order
	VMOVDQU 384(AX), Y8  // joined
	MOVL $0x0f0f0f0f, BX
	VMOVD BX, X15
	VPBROADCASTD X15, Y15
	VPXOR Y7, Y7, Y7
	XORQ DX, DX

group:
	VMOVDQU (SI), Y0
	VPSRLW  $4, Y0, Y1
	VPAND   Y15, Y1, Y1
	VPAND   Y15, Y0, Y2
	VPSHUFB Y2, Y14, Y3
	VPSHUFB Y1, Y13, Y4
	VPAND   Y3, Y4, Y3
	VPCMPEQB Y7, Y3, Y3
	VPTEST  Y3, Y3
	JNZ done
	VPSHUFB Y1, Y12, Y3
	VPADDB  Y0, Y3, Y3
	SHIFT(96)
	SHIFT(160)
	SHIFT(224)
	VPMADDUBSW Y11, Y3, Y3
	VPMADDWD   Y10, Y3, Y3
	VPSHUFB    Y9, Y3, Y3
	VPERMD     Y3, Y8, Y3
	VMOVDQU    Y3, (DI)
	ADDQ $32, SI
	ADDQ $24, DI
	INCQ DX
	CMPQ DX, CX
	JLT group

done:
	MOVQ DX, undone+32(FP)
	VZEROUPPER
	RET
