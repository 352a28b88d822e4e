#include "textflag.h"

// func sumsAVX2(text *byte, blocks int) (sum, before, weighted uint64)
TEXT ·sumsAVX2(SB), NOSPLIT, $0-40
	MOVQ  text+0(FP), SI
	MOVQ  blocks+8(FP), CX
	VMOVDQU ·weights(SB), Y6
	MOVL  $0x00010001, AX
	VMOVD AX, X7
	VPBROADCASTD X7, Y7
	VPXOR Y5, Y5, Y5
	VPXOR Y0, Y0, Y0 // the sum of the bytes, in four
	VPXOR Y1, Y1, Y1 // of what that was before each block
	VPXOR Y2, Y2, Y2 // of the bytes by their weights, in eight

block:
	VMOVDQU    (SI), Y3
	VPADDQ     Y0, Y1, Y1
	VPSADBW    Y5, Y3, Y4
	VPADDQ     Y4, Y0, Y0
	VPMADDUBSW Y6, Y3, Y3
	VPMADDWD   Y7, Y3, Y3
	VPADDD     Y3, Y2, Y2
	ADDQ $32, SI
	DECQ CX
	JNZ  block

	// Eight of 32 bits become four of 64, and four become one.
	VPUNPCKLDQ Y5, Y2, Y3
	VPUNPCKHDQ Y5, Y2, Y4
	VPADDQ Y3, Y4, Y2
	VEXTRACTI128 $1, Y0, X3
	VPADDQ X3, X0, X0
	VPSRLDQ $8, X0, X3
	VPADDQ X3, X0, X0
	VMOVQ X0, sum+16(FP)
	VEXTRACTI128 $1, Y1, X3
	VPADDQ X3, X1, X1
	VPSRLDQ $8, X1, X3
	VPADDQ X3, X1, X1
	VMOVQ X1, before+24(FP)
	VEXTRACTI128 $1, Y2, X3
	VPADDQ X3, X2, X2
	VPSRLDQ $8, X2, X3
	VPADDQ X3, X2, X2
	VMOVQ X2, weighted+32(FP)
	VZEROUPPER
	RET
