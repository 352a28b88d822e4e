#include "textflag.h"
#include "classes_arm64.h"

// func longRunVector(c *classes, text *byte, n int) (at int)
TEXT ·longRunVector(SB), NOSPLIT, $0-32
	MOVD c+0(FP), R0
	MOVD text+8(FP), R1
	MOVD n+16(FP), R2
	CONSTANTS
	CLASS(V20, V21)
	MOVD $-1, R8 // what is lacking in the 16 bytes before
	MOVD ZR, R4
	CBZ  R2, none

two:
	VLD1.P 32(R1), [V0.B16, V1.B16]
	OF(V0, V2, V20, V21)
	OF(V1, V3, V20, V21)
	ALL(V0, R9)
	ALL(V1, R10)
	ORR  R9, R8, R8
	CBZ  R8, before
	ORR  R10, R9, R9
	CBZ  R9, here
	MOVD R10, R8
	ADD  $32, R4
	CMP  R2, R4
	BLT  two

none:
	MOVD R2, at+24(FP)
	RET

before:
	SUB  $16, R4

here:
	MOVD R4, at+24(FP)
	RET
