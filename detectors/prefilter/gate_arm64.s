#include "textflag.h"
#include "vectors_arm64.h"

// MEET leaves in a and b what tables of halves, which are in v, let through of it.
#define MEET(v, first, other, a, b) \
	VTBL v.B16, [first.B16], V6.B16 \
	VTBL v.B16, [other.B16], V7.B16 \
	VAND V6.B16, a.B16, a.B16       \
	VAND V7.B16, b.B16, b.B16

// OPENED sets a to each bit where one of 16 places from R5 on passes, by tables of the first eight buckets in V16 to V21 and of the others in
// V8 to V13, and goes on to the next; R6 and R7 are the places behind them.
#define OPENED(a, b) \
	VLD1.P 16(R5), [V0.B16]       \
	VLD1.P 16(R6), [V1.B16]       \
	VLD1.P 16(R7), [V2.B16]       \
	HALVES(V0, V3)                \
	HALVES(V1, V4)                \
	HALVES(V2, V5)                \
	VTBL V0.B16, [V16.B16], a.B16 \
	VTBL V0.B16, [V8.B16], b.B16  \
	MEET(V3, V17, V9, a, b)       \
	MEET(V1, V18, V10, a, b)      \
	MEET(V4, V19, V11, a, b)      \
	MEET(V2, V20, V12, a, b)      \
	MEET(V5, V21, V13, a, b)      \
	VORR b.B16, a.B16, a.B16      \
	VCMTST a.B16, a.B16, a.B16

// func openVector(tables *[2]masks, text *byte, words *uint64, count int)
TEXT ·openVector(SB), NOSPLIT, $0-32
	MOVD tables+0(FP), R0
	MOVD text+8(FP), R5
	MOVD words+16(FP), R8
	MOVD count+24(FP), R2
	CONSTANTS
	ADD  $192, R0, R1
	MASKS(R1)
	VORR V16.B16, V16.B16, V8.B16
	VORR V17.B16, V17.B16, V9.B16
	VORR V18.B16, V18.B16, V10.B16
	VORR V19.B16, V19.B16, V11.B16
	VORR V20.B16, V20.B16, V12.B16
	VORR V21.B16, V21.B16, V13.B16
	MASKS(R0)
	ADD  $1, R5, R6
	ADD  $2, R5, R7

word:
	OPENED(V28, V22)
	OPENED(V29, V22)
	OPENED(V30, V22)
	OPENED(V31, V22)
	BITS(V28, V29, V30, V31, R9)
	MOVD R9, (R8)
	ADD  $8, R8
	SUB  $1, R2
	CBNZ R2, word
	RET
