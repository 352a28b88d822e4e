#include "textflag.h"
#include "classes_arm64.h"

// EQUAL sets a to d to each bit where the 64 bytes are equal to those of a vector.
#define EQUAL(to, a, b, c, d) \
	VCMEQ to.B16, V0.B16, a.B16 \
	VCMEQ to.B16, V1.B16, b.B16 \
	VCMEQ to.B16, V2.B16, c.B16 \
	VCMEQ to.B16, V3.B16, d.B16

// SIGNS sets to where the bytes in v, which those in w are behind, are a sign: a backslash, =0, %0, %2 or &#.
#define SIGNS(v, w, to) \
	VCMEQ V13.B16, w.B16, V16.B16   \
	VCMEQ V14.B16, w.B16, V17.B16   \
	VORR  V16.B16, V17.B16, V17.B16 \
	VCMEQ V11.B16, v.B16, to.B16    \
	VAND  V17.B16, to.B16, to.B16   \
	VCMEQ V10.B16, v.B16, V17.B16   \
	VAND  V16.B16, V17.B16, V17.B16 \
	VORR  V17.B16, to.B16, to.B16   \
	VCMEQ V15.B16, w.B16, V16.B16   \
	VCMEQ V12.B16, v.B16, V17.B16   \
	VAND  V16.B16, V17.B16, V17.B16 \
	VORR  V17.B16, to.B16, to.B16   \
	VCMEQ V9.B16, v.B16, V16.B16    \
	VORR  V16.B16, to.B16, to.B16

// func markVector(b *markBytes, text *byte, marks *marks, count int)
TEXT ·markVector(SB), NOSPLIT, $0-32
	MOVD b+0(FP), R0
	MOVD text+8(FP), R1
	MOVD marks+16(FP), R2
	MOVD count+24(FP), R3
	CONSTANTS
	LOAD(V8)  // a line feed
	LOAD(V9)  // a backslash
	LOAD(V10) // an equals sign
	LOAD(V11) // a percent sign
	LOAD(V12) // an ampersand
	LOAD(V13) // 0
	LOAD(V14) // 2
	LOAD(V15) // #
	LOAD(V20) // the class
	LOAD(V21)
	VEOR V22.B16, V22.B16, V22.B16

block:
	ADD  $1, R1, R4
	VLD1.P 64(R1), [V0.B16, V1.B16, V2.B16, V3.B16]
	VLD1 (R4), [V4.B16, V5.B16, V6.B16, V7.B16]
	EQUAL(V8, V28, V29, V30, V31)
	BITS(V28, V29, V30, V31, R5)
	EQUAL(V22, V28, V29, V30, V31)
	BITS(V28, V29, V30, V31, R6)
	SIGNS(V0, V4, V28)
	SIGNS(V1, V5, V29)
	SIGNS(V2, V6, V30)
	SIGNS(V3, V7, V31)
	BITS(V28, V29, V30, V31, R7)
	OF(V0, V28, V20, V21)
	OF(V1, V29, V20, V21)
	OF(V2, V30, V20, V21)
	OF(V3, V31, V20, V21)
	BITS(V0, V1, V2, V3, R8)
	STP  (R5, R6), (R2)
	STP  (R7, R8), 16(R2)
	ADD  $32, R2
	SUB  $1, R3
	CBNZ R3, block
	RET
