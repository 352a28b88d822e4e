#include "textflag.h"
#include "classes_amd64.h"

// HALF sets bits for the 32 bytes at off(SI). AX has what they are compared with, 32 times each: at 0 a line feed, and from 32 on
// a backslash, an equals sign, a percent sign, an ampersand, and of what may stand behind the last three 0, 2 and #. A sign is a
// backslash, =0, %0, %2 or &#.
#define HALF(off, feeds, zeros, signs, others) \
	VMOVDQU   off+0(SI), Y0    \
	VMOVDQU   off+1(SI), Y1    \
	VPCMPEQB  0(AX), Y0, Y2    \
	VPMOVMSKB Y2, feeds        \
	VPCMPEQB  Y11, Y0, Y2      \
	VPMOVMSKB Y2, zeros        \
	VPCMPEQB  160(AX), Y1, Y2  \
	VPCMPEQB  192(AX), Y1, Y3  \
	VPOR      Y2, Y3, Y3       \
	VPCMPEQB  96(AX), Y0, Y4   \
	VPAND     Y3, Y4, Y3       \
	VPCMPEQB  64(AX), Y0, Y4   \
	VPAND     Y2, Y4, Y2       \
	VPOR      Y2, Y3, Y3       \
	VPCMPEQB  224(AX), Y1, Y2  \
	VPCMPEQB  128(AX), Y0, Y4  \
	VPAND     Y2, Y4, Y2       \
	VPOR      Y2, Y3, Y3       \
	VPCMPEQB  32(AX), Y0, Y4   \
	VPOR      Y4, Y3, Y3       \
	VPMOVMSKB Y3, signs        \
	OTHERS(Y0, Y2, Y8, Y9, Y10, Y11, others)

// PUT puts a word of marks, of whose halves the second is in high.
#define PUT(off, low, high) \
	SHLQ $32, high \
	ORQ  low, high \
	MOVQ high, off(DI)

// func markVector(b *markBytes, text *byte, marks *marks, count int)
TEXT ·markVector(SB), NOSPLIT, $0-32
	MOVQ b+0(FP), AX
	MOVQ text+8(FP), SI
	MOVQ marks+16(FP), DI
	MOVQ count+24(FP), CX
	VMOVDQU 256(AX), Y8 // by the low half of a byte
	VMOVDQU 288(AX), Y9 // by the high half
	MOVL $0x0f0f0f0f, BX
	VMOVD BX, X10
	VPBROADCASTD X10, Y10
	VPXOR Y11, Y11, Y11

block:
	HALF(0, R8, R9, R10, R11)
	HALF(32, R12, R13, BX, DX)
	PUT(0, R8, R12)
	PUT(8, R9, R13)
	PUT(16, R10, BX)
	SHLQ $32, DX
	ORQ  R11, DX
	NOTQ DX // they are those that are not
	MOVQ DX, 24(DI)
	ADDQ $64, SI
	ADDQ $32, DI
	DECQ CX
	JNZ  block
	VZEROUPPER
	RET
