#include "textflag.h"
#include "vectors_arm64.h"
#include "mixed_arm64.h"

// PASSED leaves in to what of it the bytes in v pass, by their halves.
#define PASSED(v, high, lows, highs, to) \
	HALVES(v, high)            \
	BOTH(v, high, lows, highs) \
	VAND v.B16, to.B16, to.B16

// FIRST does what PASSED does for the first of the bytes that are compared, and sets class to each bit where it is of the class.
#define FIRST(v, high, class) \
	HALVES(v, high)                        \
	VTBL   v.B16, [V22.B16], class.B16     \
	VTBL   high.B16, [V23.B16], V31.B16    \
	VCMTST V31.B16, class.B16, class.B16   \
	BOTH(v, high, V16, V17)

// RUNS sets R12 to what has a bit of R14 if five pieces of 8 bytes next to each other are of the class; R9 has which bytes are not.
// R8 has those in front, and R11 for each 8 bytes of them those and the 8 in front of them. R17 has those of four pieces and then of
// five: a piece of it that is zero is the last of five, and the subtraction finds it in all eight at once.
#define RUNS \
	EXTR $56, R8, R9, R12    \
	ORR  R9, R12             \
	EXTR $48, R11, R12, R17  \
	ORR  R12, R17            \
	MOVD R12, R11            \
	EXTR $32, R8, R9, R12    \
	ORR  R12, R17            \
	MOVD R9, R8              \
	SUB  R13, R17, R12       \
	BIC  R17, R12

// func sieve128(t *tables, text *byte, n int, before uint64, due int) (clear, lines int, passed, runs, wrong uint64, next int)
TEXT ·sieve128(SB), NOSPLIT, $0-88
	MOVD t+0(FP), R0
	MOVD text+8(FP), R1
	MOVD n+16(FP), R2
	MOVD before+24(FP), R8
	MOVD due+32(FP), R3
	CONSTANTS
	MASKS(R0)
	LOAD(R0, V22)
	LOAD(R0, V23)
	VMOVI $0x0a, V26.B16
	MOVD $0x0101010101010101, R13
	MOVD $0x8080808080808080, R14
	ORR  R8<<8, R8, R11
	MOVD ZR, R15 // lines
	MOVD ZR, R4  // clear
	SUB  $64, R2 // where the last block starts
	SUB  $64, R3 // where the last does in front of a sample
	CMP  R2, R3
	CSEL GT, R2, R3, R3
	CMP  $0, R3
	BLT  sample

block:
	ADD  R4, R1, R5
	ADD  $1, R5, R6
	ADD  $2, R5, R7
	VLD1 (R5), [V0.B16, V1.B16, V2.B16, V3.B16]
	VCMEQ V26.B16, V0.B16, V8.B16
	VCMEQ V26.B16, V1.B16, V9.B16
	VCMEQ V26.B16, V2.B16, V10.B16
	VCMEQ V26.B16, V3.B16, V11.B16
	VADD V9.B16, V8.B16, V8.B16
	VADD V11.B16, V10.B16, V10.B16
	VADD V10.B16, V8.B16, V8.B16
	VADDV V8.B16, V8 // less one for each
	FIRST(V0, V4, V12)
	FIRST(V1, V5, V13)
	FIRST(V2, V6, V14)
	FIRST(V3, V7, V15)
	VLD1 (R6), [V4.B16, V5.B16, V6.B16, V7.B16]
	PASSED(V4, V28, V18, V19, V0)
	PASSED(V5, V29, V18, V19, V1)
	PASSED(V6, V30, V18, V19, V2)
	PASSED(V7, V31, V18, V19, V3)
	VLD1 (R7), [V4.B16, V5.B16, V6.B16, V7.B16]
	PASSED(V4, V28, V20, V21, V0)
	PASSED(V5, V29, V20, V21, V1)
	PASSED(V6, V30, V20, V21, V2)
	PASSED(V7, V31, V20, V21, V3)
	BITS(V12, V13, V14, V15, R9)
	MVN  R9, R9
	RUNS
	ANY(V0, V1, V2, V3, V4, V5, R10)
	CBNZ R10, done
	TST  R14, R12
	BNE  done
	VMOV V8.B[0], R16
	NEG  R16, R16
	AND  $0xff, R16
	ADD  R16, R15
	ADD  $64, R4
	CMP  R3, R4
	BLE  block

sample:
	CMP  R2, R4
	BGT  end
	ADD  R4, R1, R5
	SAMPLE(R5, chunk)
	MOVD ZR, R10
	MOVD $1, R12
	B    return

chunk:
	ADD  $(SAMPLED-64), R4, R3
	CMP  R2, R3
	CSEL GT, R2, R3, R3
	B    block

end:
	MOVD ZR, R10
	MOVD ZR, R12
	B    return

done:
	VCMTST V0.B16, V0.B16, V0.B16
	VCMTST V1.B16, V1.B16, V1.B16
	VCMTST V2.B16, V2.B16, V2.B16
	VCMTST V3.B16, V3.B16, V3.B16
	BITS(V0, V1, V2, V3, R10)
	AND  R14, R12

return:
	MOVD R4, clear+40(FP)
	MOVD R15, lines+48(FP)
	MOVD R10, passed+56(FP)
	MOVD R12, runs+64(FP)
	MOVD R8, wrong+72(FP)
	ADD  $64, R3
	MOVD R3, next+80(FP)
	RET
