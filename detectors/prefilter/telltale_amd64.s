#include "textflag.h"

// What both do for the bytes of a word, AX having the telltales, SI where the bytes are and DI where the marks go: the bits of the high
// halves are looked up once, and for each class the row of the low halves, in the table at low(AX). The high bit of a byte that is
// none of ASCII has nothing looked up.

// ARGUMENTS loads what those are, BX with 0x0f in each byte, and CX with how many words there are.
#define ARGUMENTS \
	MOVQ t+0(FP), AX      \
	MOVQ text+8(FP), SI   \
	MOVQ marks+16(FP), DI \
	MOVL $0x0f0f0f0f, BX  \
	MOVL $2, CX

// NEXTWORD goes on to the next word, behind the marks of eleven classes, and clears the zero flag if there is one.
#define NEXTWORD \
	ADDQ $64, SI \
	ADDQ $88, DI \
	DECL CX

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

// EACH does for each class what class says, by where its table is and where its marks go.
#define EACH(class) \
	class(0, 0) \
	class(32, 8) \
	class(64, 16) \
	class(96, 24) \
	class(128, 32) \
	class(160, 40) \
	class(192, 48) \
	class(224, 56) \
	class(256, 64) \
	class(288, 72) \
	class(320, 80)

// func telltale256(t *Telltales, text *byte, marks *telltaleMarks)
TEXT ·telltale256(SB), NOSPLIT, $0-24
	ARGUMENTS
	VMOVDQU 352(AX), Y12
	VMOVD BX, X6
	VPBROADCASTD X6, Y6
	VPXOR Y7, Y7, Y7

word256:
	HIGH256(0, Y9, Y10)
	HIGH256(32, Y13, Y14)
	EACH(CLASS256)
	NEXTWORD
	JNZ  word256
	VZEROUPPER
	RET

// func telltale512(t *Telltales, text *byte, marks *telltaleMarks)
TEXT ·telltale512(SB), NOSPLIT, $0-24
	ARGUMENTS
	VBROADCASTI32X4 352(AX), Z12
	VPBROADCASTD BX, Z6

word512:
	VMOVDQU64 (SI), Z9
	VPSRLW  $4, Z9, Z10
	VPANDQ  Z6, Z10, Z10
	VPSHUFB Z10, Z12, Z10
	EACH(CLASS512)
	NEXTWORD
	JNZ  word512
	VZEROUPPER
	RET
