#include "textflag.h"
#include "mixed_amd64.h"

// func mixedVector(text *byte, n int) (at int)
TEXT ·mixedVector(SB), NOSPLIT, $0-24
	MOVQ text+0(FP), SI
	MOVQ n+8(FP), CX
	MOVL $0x0a0a0a0a, BX
	VMOVD BX, X13
	VPBROADCASTD X13, Y13
	XORQ DX, DX
	SUBQ $64, CX
	JLT  none

sample:
	SAMPLE256
	MIXED
	JMI  mixed

next:
	ADDQ $SAMPLED, DX
	CMPQ DX, CX
	JLE  sample

none:
	MOVQ $-1, at+16(FP)
	VZEROUPPER
	RET

mixed:
	BROKEN256(next)
	MOVQ DX, at+16(FP)
	VZEROUPPER
	RET
