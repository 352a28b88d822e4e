#include "textflag.h"
#include "classes_amd64.h"

// WRONG sets dst to which of the 32 bytes at off(SI)(DX) are not of the class, a bit for each.
#define WRONG(off, dst, y, t) \
	VMOVDQU off(SI)(DX*1), y \
	OTHERS(y, t, Y0, Y1, Y2, Y3, dst)

// func longRunVector(c *classes, text *byte, n int) (at int)
TEXT ·longRunVector(SB), NOSPLIT, $0-32
	MOVQ c+0(FP), AX
	MOVQ text+8(FP), SI
	MOVQ n+16(FP), CX
	CLASS(AX, Y0, Y1, Y2, X2, Y3)
	MOVQ $0x0001000100010001, R11
	MOVQ $0x8000800080008000, R12
	XORQ DX, DX
	MOVQ $-1, R8 // those of the bytes before
	SUBQ $64, CX
	JLT  last

two:
	WRONG(0, R9, Y4, Y5)
	WRONG(32, R10, Y6, Y7)
	SHLQ $32, R10
	ORQ  R10, R9
	MOVQ R9, R13
	SHLQ $16, R8, R13 // each of the four halves with the one before it
	ORQ  R9, R13
	MOVQ R9, R8
	MOVQ R13, DI // any two all right?
	SUBQ R11, DI
	ANDNQ DI, R13, DI
	TESTQ R12, DI
	JNZ found
	ADDQ $64, DX
	CMPQ DX, CX
	JLE two
	JMP last

found:
	TESTW R13, R13
	JZ   at0
	SHRQ $16, R13
	TESTW R13, R13
	JZ   at16
	SHRQ $16, R13
	TESTW R13, R13
	JZ   at32
	JMP  at48

last:
	SHRQ $48, R8
	ADDQ $64, CX
	CMPQ DX, CX
	JGE none
	WRONG(0, R9, Y4, Y5)
	MOVQ R9, R13
	SHLL $16, R13
	ORL  R8, R13
	ORL  R9, R13
	TESTW R13, R13
	JZ   at0
	SHRL $16, R13
	JZ   at16

none:
	MOVQ CX, at+24(FP)
	VZEROUPPER
	RET

at48:
	ADDQ $16, DX

at32:
	ADDQ $16, DX

at16:
	ADDQ $16, DX

at0:
	SUBQ $16, DX
	MOVQ DX, at+24(FP)
	VZEROUPPER
	RET
