#include "textflag.h"
#include "vectors_arm64.h"

// CLASS stores which of the 64 bytes are of the class whose rows R0 is at, and goes on to the next: the low halves are in V0 to V3, and the
// bits of the high ones in V4 to V7.
#define CLASS \
	LOAD(R0, V16)                    \
	VTBL V0.B16, [V16.B16], V28.B16  \
	VTBL V1.B16, [V16.B16], V29.B16  \
	VTBL V2.B16, [V16.B16], V30.B16  \
	VTBL V3.B16, [V16.B16], V31.B16  \
	VCMTST V4.B16, V28.B16, V28.B16  \
	VCMTST V5.B16, V29.B16, V29.B16  \
	VCMTST V6.B16, V30.B16, V30.B16  \
	VCMTST V7.B16, V31.B16, V31.B16  \
	BITS(V28, V29, V30, V31, R9)     \
	MOVD R9, (R3)                    \
	ADD  $8, R3

// func telltale128(t *Telltales, text *byte, marks *telltaleMarks)
TEXT ·telltale128(SB), NOSPLIT, $0-24
	MOVD t+0(FP), R1
	MOVD text+8(FP), R2
	MOVD marks+16(FP), R3
	CONSTANTS
	ADD  $352, R1, R4
	VLD1 (R4), [V17.B16]
	MOVD $2, R5

word:
	MOVD R1, R0
	VLD1.P 64(R2), [V0.B16, V1.B16, V2.B16, V3.B16]
	HALVES(V0, V4)
	HALVES(V1, V5)
	HALVES(V2, V6)
	HALVES(V3, V7)
	VTBL V4.B16, [V17.B16], V4.B16
	VTBL V5.B16, [V17.B16], V5.B16
	VTBL V6.B16, [V17.B16], V6.B16
	VTBL V7.B16, [V17.B16], V7.B16
	MOVD $11, R6

class:
	CLASS
	SUB  $1, R6
	CBNZ R6, class
	SUB  $1, R5
	CBNZ R5, word
	RET
