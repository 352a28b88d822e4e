#include "textflag.h"
#include "go_asm.h"

// SI is where input is read next and R8 the last place where the loop may take a turn; DI and R9 are the same of the output,
// which starts at output-8(SP). R10 has the bits that are held, the low six bits of R11 how many. R12 and R13 are the tables,
// DX and R15 how many bits index them. AX is the entry that is next. Free are BX, CX and R14.

// REFILL has 56 bits held at least.
#define REFILL \
	MOVQ  (SI), BX      \
	SHLXQ R11, BX, BX   \
	ORQ   BX, R10       \
	MOVL  R11, BX       \
	SHRL  $3, BX        \
	ANDL  $7, BX        \
	ADDQ  $7, SI        \
	SUBQ  BX, SI        \
	ORL   $56, R11

// LITERAL sets dst to the entry that the bits held lead to.
#define LITERAL(dst) \
	BZHIQ DX, R10, dst       \
	MOVL  (R12)(dst*4), dst

// TAKE uses the bits of an entry, whose lower byte is their number.
#define TAKE(e) \
	SHRXQ e, R10, R10 \
	SUBL  e, R11

// VALUE uses the bits of the entry AX, of which the last are extra bits, and sets dst to what they say.
#define VALUE(dst) \
	MOVL  AX, BX        \
	SHRL  $8, BX        \
	ANDL  $15, BX       \
	MOVL  AX, CX        \
	SUBL  BX, CX        \
	BZHIQ AX, R10, dst  \
	SHRXQ CX, dst, dst  \
	TAKE(AX)            \
	SHRL  $16, AX       \
	ADDL  AX, dst

// SUBTABLE goes on from an entry AX that leads to a subtable of entries.
#define SUBTABLE(entries) \
	TAKE(AX)               \
	MOVL  AX, BX           \
	SHRL  $8, BX           \
	ANDL  $15, BX          \
	BZHIQ BX, R10, CX      \
	SHRL  $16, AX          \
	ADDL  AX, CX           \
	MOVL  (entries)(CX*4), AX

#define IS_END 0x1000
#define IS_SUBTABLE 0x2000
#define IS_LITERAL 0x4000
#define IS_VALID 0x8000

// func fastBMI2(d *Decoder, literals, distances *table, lastInput, lastOutput int) (status int)
TEXT ·fastBMI2(SB), NOSPLIT, $8-48
	MOVQ  d+0(FP), AX
	MOVQ  literals+8(FP), BX
	MOVQ  distances+16(FP), CX
	MOVQ  Decoder_input(AX), SI
	MOVQ  lastInput+24(FP), R8
	ADDQ  SI, R8
	ADDQ  Decoder_at(AX), SI
	MOVQ  Decoder_output(AX), DI
	MOVQ  DI, output-8(SP)
	MOVQ  lastOutput+32(FP), R9
	ADDQ  DI, R9
	ADDQ  Decoder_out(AX), DI
	MOVQ  Decoder_held(AX), R10
	MOVQ  Decoder_bits(AX), R11
	MOVQ  table_entries(BX), R12
	MOVQ  table_bits(BX), DX
	MOVQ  table_entries(CX), R13
	MOVQ  table_bits(CX), R15
	CMPQ  SI, R8
	JGT   room
	CMPQ  DI, R9
	JGT   room
	REFILL
	LITERAL(AX)

turn:
	TESTL $IS_LITERAL, AX
	JZ    other
	TAKE(AX)
	LITERAL(CX)
	SHRL  $16, AX
	MOVB  AX, (DI)
	INCQ  DI
	TESTL $IS_LITERAL, CX
	JZ    otherCX
	TAKE(CX)
	LITERAL(AX)
	SHRL  $16, CX
	MOVB  CX, (DI)
	INCQ  DI
	TESTL $IS_LITERAL, AX
	JZ    other
	TAKE(AX)
	SHRL  $16, AX
	MOVB  AX, (DI)
	INCQ  DI

next:
	LITERAL(AX) // for which there are bits yet
	CMPQ  SI, R8
	JGT   room
	CMPQ  DI, R9
	JGT   room
	REFILL
	JMP   turn

otherCX:
	MOVL  CX, AX

other:
	MOVL  AX, BX
	ANDL  $(IS_END|IS_SUBTABLE|IS_VALID), BX
	CMPL  BX, $IS_VALID
	JNE   special

length:
	VALUE(R14)
	REFILL
	BZHIQ R15, R10, AX
	MOVL  (R13)(AX*4), AX
	TESTL $IS_SUBTABLE, AX
	JZ    distance
	SUBTABLE(R13)

distance:
	TESTL AX, AX
	JZ    corrupt
	MOVL  AX, BX
	SHRL  $8, BX
	ANDL  $15, BX
	MOVL  AX, CX
	SUBL  BX, CX
	BZHIQ AX, R10, BX
	SHRXQ CX, BX, BX
	TAKE(AX)
	SHRL  $16, AX
	ADDL  BX, AX
	MOVQ  DI, BX
	SUBQ  output-8(SP), BX
	CMPQ  AX, BX
	JGT   corrupt
	LITERAL(CX) // of what comes behind: there are 10 bits at least

	// Copy R14 bytes from AX bytes back.
	MOVQ  DI, BX
	SUBQ  AX, BX
	CMPL  AX, $16
	JB    near
	MOVOU (BX), X0
	MOVOU X0, (DI)
	CMPL  R14, $16
	JBE   copied
	MOVOU 16(BX), X0
	MOVOU X0, 16(DI)
	CMPL  R14, $32
	JBE   copied
	MOVL  $32, AX

far:
	MOVOU (BX)(AX*1), X0
	MOVOU X0, (DI)(AX*1)
	ADDQ  $16, AX
	CMPL  AX, R14
	JB    far

copied:
	ADDQ  R14, DI

after:
	MOVL  CX, AX
	CMPQ  SI, R8
	JGT   room
	CMPQ  DI, R9
	JGT   room
	REFILL
	JMP   turn

near:
	// As many repeats as a register has room for, and as far on each time as those that are whole reach.
	MOVOU   (BX), X0
	LEAQ    ·repeats(SB), BX
	SHLL    $4, AX
	MOVOU   (BX)(AX*1), X1
	PSHUFB  X1, X0
	SHRL    $4, AX
	LEAQ    ·strides(SB), BX
	MOVBQZX (BX)(AX*1), AX
	MOVQ    DI, BX
	ADDQ    R14, DI

repeat:
	MOVOU   X0, (BX)
	ADDQ    AX, BX
	CMPQ    BX, DI
	JB      repeat
	JMP     after

special:
	TESTL $IS_SUBTABLE, AX
	JZ    notSubtable
	SUBTABLE(R12)
	TESTL $IS_LITERAL, AX
	JZ    notLiteral
	TAKE(AX)
	SHRL  $16, AX
	MOVB  AX, (DI)
	INCQ  DI
	JMP   next

notLiteral:
	TESTL AX, AX
	JZ    corrupt
	TESTL $IS_END, AX
	JZ    length

notSubtable:
	TESTL $IS_END, AX
	JZ    corrupt
	TAKE(AX)
	MOVQ  $1, status+40(FP)
	JMP   return

corrupt:
	MOVQ  $2, status+40(FP)
	JMP   return

room:
	MOVQ  $0, status+40(FP)

return:
	MOVQ  d+0(FP), AX
	ANDL  $63, R11
	BZHIQ R11, R10, R10
	MOVQ  R10, Decoder_held(AX)
	MOVQ  R11, Decoder_bits(AX)
	SUBQ  Decoder_input(AX), SI
	MOVQ  SI, Decoder_at(AX)
	SUBQ  Decoder_output(AX), DI
	MOVQ  DI, Decoder_out(AX)
	RET
