#include "textflag.h"

// What both do for the bytes of a word, AX having the telltales, SI where the bytes are and DI where the marks go: the bits of the high
// halves are looked up once, and for each class the row of the low halves, in the table at low(AX). The high bit of a byte that is
// none of ASCII has nothing looked up.

// HIGH256 loads the 32 bytes at off(SI) into v, and the bits of their high halves into bits.
#define HIGH256(off, v, bits) \
	VMOVDQU off(SI), v    \
	VPSRLW  $4, v, bits   \
	VPAND   Y6, bits, bits \
	VPSHUFB bits, Y12, bits

// CLASS256 stores which of the bytes in Y9 and Y13 are of a class.
#define CLASS256(low, to) \
	VMOVDQU   low(AX), Y11   \
	VPSHUFB   Y9, Y11, Y8    \
	VPSHUFB   Y13, Y11, Y11  \
	VPAND     Y10, Y8, Y8    \
	VPAND     Y14, Y11, Y11  \
	VPCMPEQB  Y7, Y8, Y8     \
	VPCMPEQB  Y7, Y11, Y11   \
	VPMOVMSKB Y8, BX         \
	VPMOVMSKB Y11, DX        \
	SHLQ      $32, DX        \
	ORQ       DX, BX         \
	NOTQ      BX             \
	MOVQ      BX, to(DI)

// CLASS512 stores which of the bytes in Z9 are of a class.
#define CLASS512(low, to) \
	VBROADCASTI32X4 low(AX), Z11 \
	VPSHUFB  Z9, Z11, Z11        \
	VPTESTMB Z10, Z11, K1        \
	KMOVQ    K1, to(DI)

// func telltale256(t *Telltales, text *byte, marks *telltaleMarks)
TEXT ·telltale256(SB), NOSPLIT, $0-24
	MOVQ t+0(FP), AX
	MOVQ text+8(FP), SI
	MOVQ marks+16(FP), DI
	VMOVDQU 352(AX), Y12
	MOVL $0x0f0f0f0f, BX
	VMOVD BX, X6
	VPBROADCASTD X6, Y6
	VPXOR Y7, Y7, Y7
	MOVL $2, CX

word256:
	HIGH256(0, Y9, Y10)
	HIGH256(32, Y13, Y14)
	CLASS256(0, 0)
	CLASS256(32, 8)
	CLASS256(64, 16)
	CLASS256(96, 24)
	CLASS256(128, 32)
	CLASS256(160, 40)
	CLASS256(192, 48)
	CLASS256(224, 56)
	CLASS256(256, 64)
	CLASS256(288, 72)
	CLASS256(320, 80)
	ADDQ $64, SI
	ADDQ $88, DI
	DECL CX
	JNZ  word256
	VZEROUPPER
	RET

// func telltale512(t *Telltales, text *byte, marks *telltaleMarks)
TEXT ·telltale512(SB), NOSPLIT, $0-24
	MOVQ t+0(FP), AX
	MOVQ text+8(FP), SI
	MOVQ marks+16(FP), DI
	VBROADCASTI32X4 352(AX), Z12
	MOVL $0x0f0f0f0f, BX
	VPBROADCASTD BX, Z6
	MOVL $2, CX

word512:
	VMOVDQU64 (SI), Z9
	VPSRLW  $4, Z9, Z10
	VPANDQ  Z6, Z10, Z10
	VPSHUFB Z10, Z12, Z10
	CLASS512(0, 0)
	CLASS512(32, 8)
	CLASS512(64, 16)
	CLASS512(96, 24)
	CLASS512(128, 32)
	CLASS512(160, 40)
	CLASS512(192, 48)
	CLASS512(224, 56)
	CLASS512(256, 64)
	CLASS512(288, 72)
	CLASS512(320, 80)
	ADDQ $64, SI
	ADDQ $88, DI
	DECL CX
	JNZ  word512
	VZEROUPPER
	RET
