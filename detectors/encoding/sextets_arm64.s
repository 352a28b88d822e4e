#include "textflag.h"
#include "classes_arm64.h"

// func classVector(c *classes, text *byte, n int) (at int)
TEXT ·classVector(SB), NOSPLIT, $0-32
	MOVD c+0(FP), R0
	MOVD text+8(FP), R1
	MOVD n+16(FP), R2
	CONSTANTS
	CLASS(V20, V21)
	MOVD ZR, R4

block:
	VLD1.P 32(R1), [V0.B16, V1.B16]
	OF(V0, V2, V20, V21)
	OF(V1, V3, V20, V21)
	VAND V0.B16, V1.B16, V2.B16
	ALL(V2, R9)
	CBNZ R9, other
	ADD  $32, R4
	CMP  R2, R4
	BLT  block
	MOVD R4, at+24(FP)
	RET

other:
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16
	BITS(V0, V1, V2, V3, R9)
	MVN  R9, R9
	RBIT R9, R9
	CLZ  R9, R9
	ADD  R9, R4
	MOVD R4, at+24(FP)
	RET

// SHIFT shifts the characters in v that are a sign by what is behind it.
#define SHIFT(v, char, sign, by) \
	VCMEQ sign.B8, char.B8, V29.B8 \
	VAND  by.B8, V29.B8, V29.B8    \
	VADD  V29.B8, v.B8, v.B8

// SEXTETS sets v to what its characters stand for, and takes from V30 each bit of those that are none of base64.
#define SEXTETS(v) \
	VUSHR  $4, v.B8, V27.B8         \
	VAND   V24.B8, v.B8, V26.B8     \
	VTBL   V26.B8, [V20.B16], V26.B8 \
	VTBL   V27.B8, [V21.B16], V28.B8 \
	VCMTST V26.B8, V28.B8, V28.B8   \
	VAND   V28.B8, V30.B8, V30.B8   \
	VTBL   V27.B8, [V22.B16], V28.B8 \
	VADD   v.B8, V28.B8, V28.B8     \
	SHIFT(V28, v, V8, V9)           \
	SHIFT(V28, v, V10, V11)         \
	SHIFT(V28, v, V12, V13)         \
	VORR   V28.B8, V28.B8, v.B8

// func undoVector(u *undoingTables, dst, chars *byte, blocks int) (undone int)
TEXT ·undoVector(SB), NOSPLIT, $0-40
	MOVD u+0(FP), R0
	MOVD dst+8(FP), R1
	MOVD chars+16(FP), R2
	MOVD blocks+24(FP), R3
	CONSTANTS
	LOAD(V20)
	LOAD(V21)
	LOAD(V22)
	LOAD(V8)
	LOAD(V9)
	LOAD(V10)
	LOAD(V11)
	LOAD(V12)
	LOAD(V13)
	MOVD ZR, R4

group:
	VLD4.P 32(R2), [V0.B8, V1.B8, V2.B8, V3.B8] // the first of each four, the second, and so on
	VMOVI $0xff, V30.B8
	SEXTETS(V0)
	SEXTETS(V1)
	SEXTETS(V2)
	SEXTETS(V3)
	VMOV V30.D[0], R5
	MVN  R5, R5
	CBNZ R5, done
	VSHL  $2, V0.B8, V4.B8
	VUSHR $4, V1.B8, V7.B8
	VORR  V7.B8, V4.B8, V4.B8
	VSHL  $4, V1.B8, V5.B8
	VUSHR $2, V2.B8, V7.B8
	VORR  V7.B8, V5.B8, V5.B8
	VSHL  $6, V2.B8, V6.B8
	VORR  V3.B8, V6.B8, V6.B8
	VST3.P [V4.B8, V5.B8, V6.B8], 24(R1)
	ADD  $1, R4
	CMP  R3, R4
	BLT  group

done:
	MOVD R4, undone+32(FP)
	RET
