#include "textflag.h"
#include "vectors_arm64.h"
#include "mixed_arm64.h"

// func mixedVector(text *byte, n int) (at int)
TEXT ·mixedVector(SB), NOSPLIT, $0-24
	MOVD text+0(FP), R1
	MOVD n+8(FP), R2
	CONSTANTS
	MOVD ZR, R4
	SUB  $64, R2
	CMP  $0, R2
	BLT  none

sample:
	ADD  R4, R1, R5
	SAMPLE(R5, next)
	MOVD R4, at+16(FP)
	RET

next:
	ADD  $SAMPLED, R4
	CMP  R2, R4
	BLE  sample

none:
	MOVD $-1, R4
	MOVD R4, at+16(FP)
	RET
