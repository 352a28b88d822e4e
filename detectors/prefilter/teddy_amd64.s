#include "textflag.h"
#include "masks_amd64.h"

// PASS sets dst to the buckets that each of the 32 places from off(SI)(DX) on passes, using t1 and t2.
#define PASS(off, dst, t1, t2) \
	VMOVDQU off+0(SI)(DX*1), t1 \
	VPSRLW  $4, t1, t2          \
	VPAND   Y6, t1, t1          \
	VPAND   Y6, t2, t2          \
	VPSHUFB t1, Y0, dst         \
	VPSHUFB t2, Y1, t2          \
	VPAND   t2, dst, dst        \
	VMOVDQU off+1(SI)(DX*1), t1 \
	VPSRLW  $4, t1, t2          \
	VPAND   Y6, t1, t1          \
	VPAND   Y6, t2, t2          \
	VPSHUFB t1, Y2, t1          \
	VPSHUFB t2, Y3, t2          \
	VPAND   t1, dst, dst        \
	VPAND   t2, dst, dst        \
	VMOVDQU off+2(SI)(DX*1), t1 \
	VPSRLW  $4, t1, t2          \
	VPAND   Y6, t1, t1          \
	VPAND   Y6, t2, t2          \
	VPSHUFB t1, Y4, t1          \
	VPSHUFB t2, Y5, t2          \
	VPAND   t1, dst, dst        \
	VPAND   t2, dst, dst

// func teddy(m *masks, text *byte, n int) (block int, hits uint32)
TEXT ·teddy(SB), NOSPLIT, $0-36
	MOVQ m+0(FP), AX
	MOVQ text+8(FP), SI
	MOVQ n+16(FP), CX
	MASKS(AX)
	XORQ DX, DX
	SUBQ $64, CX
	JLT  last

two:
	PREFETCHT0 4096(SI)(DX*1)
	PASS(0, Y8, Y9, Y10)
	PASS(32, Y11, Y12, Y13)
	VPOR Y8, Y11, Y14
	VPTEST Y14, Y14
	JNZ either
	ADDQ $64, DX
	CMPQ DX, CX
	JLE two

last:
	ADDQ $64, CX
	CMPQ DX, CX
	JGE none
	PASS(0, Y8, Y9, Y10)
	VPTEST Y8, Y8
	JNZ found
	ADDQ $32, DX

none:
	MOVQ DX, block+24(FP)
	MOVL $0, hits+32(FP)
	VZEROUPPER
	RET

either:
	VPTEST Y8, Y8
	JNZ found
	ADDQ $32, DX
	VMOVDQA Y11, Y8

found:
	VPCMPEQB Y7, Y8, Y8
	VPMOVMSKB Y8, BX
	NOTL BX
	MOVQ DX, block+24(FP)
	MOVL BX, hits+32(FP)
	VZEROUPPER
	RET
