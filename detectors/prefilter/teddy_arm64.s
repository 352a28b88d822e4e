#include "textflag.h"
#include "vectors_arm64.h"

// PASS sets v and w to the buckets that each of the 32 places from R5 on passes; R6 and R7 are the places behind them.
#define PASS \
	VLD1 (R5), [V0.B16, V1.B16] \
	VLD1 (R6), [V2.B16, V3.B16] \
	VLD1 (R7), [V4.B16, V5.B16] \
	HALVES(V0, V28)             \
	BOTH(V0, V28, V16, V17)     \
	HALVES(V1, V29)             \
	BOTH(V1, V29, V16, V17)     \
	HALVES(V2, V30)             \
	BOTH(V2, V30, V18, V19)     \
	HALVES(V3, V31)             \
	BOTH(V3, V31, V18, V19)     \
	VAND V2.B16, V0.B16, V0.B16 \
	VAND V3.B16, V1.B16, V1.B16 \
	HALVES(V4, V28)             \
	BOTH(V4, V28, V20, V21)     \
	HALVES(V5, V29)             \
	BOTH(V5, V29, V20, V21)     \
	VAND V4.B16, V0.B16, V0.B16 \
	VAND V5.B16, V1.B16, V1.B16

// func teddy(m *masks, text *byte, n int) (block int, hits uint32)
TEXT ·teddy(SB), NOSPLIT, $0-36
	MOVD m+0(FP), R0
	MOVD text+8(FP), R5
	MOVD n+16(FP), R2
	CONSTANTS
	MASKS(R0)
	ADD  $1, R5, R6
	ADD  $2, R5, R7
	MOVD ZR, R4

block:
	PASS
	ANY(V0, V1, V0, V1, V2, V3, R9)
	CBNZ R9, found
	ADD  $32, R5
	ADD  $32, R6
	ADD  $32, R7
	ADD  $32, R4
	CMP  R2, R4
	BLT  block
	MOVD R4, block+24(FP)
	MOVW ZR, hits+32(FP)
	RET

found:
	VCMTST V0.B16, V0.B16, V0.B16
	VCMTST V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16
	BITS(V0, V1, V2, V3, R9)
	MOVD R4, block+24(FP)
	MOVW R9, hits+32(FP)
	RET
