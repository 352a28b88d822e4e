#include "textflag.h"
#include "masks_amd64.h"

// FIRST and FURTHER look up the bytes at off(SI): in low and high of the first eight buckets, whose passing is in Y10, and in the
// tables at other(AX) of the others, in Y12.
#define FIRST(off, low, high, other) \
	HALVES(off)                    \
	VPSHUFB Y8, low, Y10           \
	VPSHUFB Y9, high, Y11          \
	VPAND   Y11, Y10, Y10          \
	VMOVDQU other+0(AX), Y12       \
	VMOVDQU other+32(AX), Y13      \
	VPSHUFB Y8, Y12, Y12           \
	VPSHUFB Y9, Y13, Y13           \
	VPAND   Y13, Y12, Y12

#define FURTHER(off, low, high, other) \
	HALVES(off)                    \
	VMOVDQU other+0(AX), Y13       \
	VMOVDQU other+32(AX), Y14      \
	VPSHUFB Y8, low, Y11           \
	VPAND   Y11, Y10, Y10          \
	VPSHUFB Y9, high, Y11          \
	VPAND   Y11, Y10, Y10          \
	VPSHUFB Y8, Y13, Y13           \
	VPAND   Y13, Y12, Y12          \
	VPSHUFB Y9, Y14, Y14           \
	VPAND   Y14, Y12, Y12

#define HALVES(off) \
	VMOVDQU off(SI), Y8 \
	VPSRLW  $4, Y8, Y9  \
	VPAND   Y6, Y8, Y8  \
	VPAND   Y6, Y9, Y9

// SHUT sets dst to which of the 32 places from off(SI) on pass no bucket.
#define SHUT(off, dst) \
	FIRST(off+0, Y0, Y1, 192)   \
	FURTHER(off+1, Y2, Y3, 256) \
	FURTHER(off+2, Y4, Y5, 320) \
	VPOR      Y10, Y12, Y10     \
	VPCMPEQB  Y7, Y10, Y10      \
	VPMOVMSKB Y10, dst

// func openVector(tables *[2]masks, text *byte, words *uint64, count int)
TEXT ·openVector(SB), NOSPLIT, $0-32
	MOVQ tables+0(FP), AX
	MOVQ text+8(FP), SI
	MOVQ words+16(FP), DI
	MOVQ count+24(FP), CX
	MASKS(AX)

word:
	SHUT(0, R8)
	SHUT(32, R9)
	SHLQ $32, R9
	ORQ  R8, R9
	NOTQ R9
	MOVQ R9, (DI)
	ADDQ $64, SI
	ADDQ $8, DI
	DECQ CX
	JNZ  word
	VZEROUPPER
	RET
