#include "textflag.h"
#include "mixed_amd64.h"

// Both sieves keep, of the 64 bytes at hand, which are line feeds, which are not of the class, and where needles may start.
// R8 has the bytes of before that are not of the class, R14 for each 8 bytes of them those and the 8 in front of them, R15 the
// lines so far.

// CONSTANTS loads what is the same for every block, and R8 for the first.
#define CONSTANTS \
	MOVQ $0x0101010101010101, R11 \
	MOVQ $0x8080808080808080, R12 \
	MOVQ before+24(FP), R8        \
	MOVQ R8, R14                  \
	SHLQ $8, R14                  \
	ORQ  R8, R14                  \
	XORQ R15, R15                 \
	XORQ DX, DX

// RESULTS returns, R10 having the places that pass and DI the runs.
#define RESULTS \
	MOVQ DX, clear+40(FP) \
	MOVQ R15, lines+48(FP) \
	MOVQ R10, passed+56(FP) \
	MOVQ DI, runs+64(FP)  \
	MOVQ R8, wrong+72(FP)  \
	ADDQ $64, CX          \
	MOVQ CX, next+80(FP)  \
	VZEROUPPER

// RUNS sets DI to what has a bit of R12 if five pieces of 8 bytes next to each other are of the class; R9 has which bytes
// are not. R13 has those of four pieces and then of five: a piece of it that is zero is the last of five, and the
// subtraction finds it in all eight at once.
#define RUNS \
	MOVQ  R9, DI       \
	SHLQ  $8, R8, DI   \
	ORQ   R9, DI       \
	MOVQ  DI, R13      \
	SHLQ  $16, R14, R13 \
	ORQ   DI, R13      \
	MOVQ  DI, R14      \
	MOVQ  R9, DI       \
	SHLQ  $32, R8, DI  \
	ORQ   DI, R13      \
	MOVQ  R9, R8       \
	MOVQ  R13, DI      \
	SUBQ  R11, DI      \
	ANDNQ DI, R13, DI

// What both of the wide sieves do for a sample. BX has where the last block starts, CX where the last one does in front of a sample.

// DUE512 sets both for the first sample, and goes to sample where that is at hand.
#define DUE512(sample) \
	MOVQ n+16(FP), BX   \
	SUBQ $64, BX        \
	MOVQ due+32(FP), CX \
	SUBQ $64, CX        \
	CMPQ CX, BX         \
	CMOVQGT BX, CX      \
	TESTQ CX, CX        \
	JMI  sample

// CHANGES512 goes to changes where the 64 bytes at (SI)(DX) change between upper case and other characters as often as a sample that is
// mixed, and to end behind the last block. That alone rules out nearly all samples of most texts, so that it has a branch of its own.
#define CHANGES512(changes, end) \
	CMPQ DX, BX                          \
	JGT  end                             \
	VMOVDQU64 0(SI)(DX*1), Z9            \
	VPSUBB   capitalA<>(SB), Z9, Z10     \
	VPCMPUB  $1, capitals<>(SB), Z10, K5 \
	KMOVQ    K5, AX                      \
	RORXQ    $1, AX, R10                 \
	XORQ     AX, R10                     \
	POPCNTQ  R10, R10                    \
	CMPQ     R10, $8                     \
	JGE  changes

// NEXT512 goes on to the next sample, from block on.
#define NEXT512(block) \
	LEAQ SAMPLED-64(DX), CX \
	CMPQ CX, BX             \
	CMOVQGT BX, CX          \
	JMP block

// WORDS512 goes to other where too many of the bytes in Z9 are in lower case with the three behind them, or none is a line feed and some
// are not ASCII.
#define WORDS512(other) \
	VPCMPGTB lowered<>(SB), Z9, K4 \
	KMOVQ    K4, AX                \
	RORXQ    $1, AX, R10           \
	ANDQ     R10, AX               \
	RORXQ    $2, AX, R10           \
	ANDQ     R10, AX               \
	POPCNTQ  AX, AX                \
	CMPQ     AX, $6                \
	JGE  other                     \
	VPCMPEQB Z13, Z9, K2           \
	KMOVQ    K2, AX                \
	CMPQ     AX, $1                \
	SBBQ     AX, AX                \
	VPMOVB2M Z9, K2                \
	KMOVQ    K2, R10               \
	TESTQ    AX, R10               \
	JNZ  other

// STOP512 returns with no places that pass, and what as the runs.
#define STOP512(what) \
	XORQ R10, R10 \
	MOVQ $what, DI \
	RESULTS \
	RET

// LIMIT sets AX to where the last block starts, and goes to end behind it.
#define LIMIT(end) \
	MOVQ n+16(FP), AX \
	SUBQ $64, AX      \
	CMPQ DX, AX       \
	JGT  end

// LIMITED sets CX to that of two blocks which is in front of the other: one, or the last. Behind it a sample is due.
#define LIMITED(block) \
	MOVQ n+16(FP), AX \
	SUBQ $64, AX      \
	LEAQ block, CX    \
	CMPQ CX, AX       \
	CMOVQGT AX, CX

// HALF looks at the 32 bytes at off(SI)(DX): dst has the buckets that their places pass, lines and wrong a bit a byte.
#define HALF(off, lines, wrong, dst) \
	VMOVDQU   off+0(SI)(DX*1), Y9 \
	VPCMPEQB  Y13, Y9, Y10        \
	VPMOVMSKB Y10, lines          \
	VPSRLW    $4, Y9, Y10         \
	VPAND     Y6, Y9, Y9          \
	VPAND     Y6, Y10, Y10        \
	VPSHUFB   Y9, Y11, Y14        \
	VPSHUFB   Y10, Y12, Y15       \
	VPAND     Y14, Y15, Y14       \
	VPCMPEQB  Y7, Y14, Y14        \
	VPMOVMSKB Y14, wrong          \
	VPSHUFB   Y9, Y0, dst         \
	VPSHUFB   Y10, Y1, Y10        \
	VPAND     Y10, dst, dst       \
	VMOVDQU   off+1(SI)(DX*1), Y9 \
	VPSRLW    $4, Y9, Y10         \
	VPAND     Y6, Y9, Y9          \
	VPAND     Y6, Y10, Y10        \
	VPSHUFB   Y9, Y2, Y9          \
	VPSHUFB   Y10, Y3, Y10        \
	VPAND     Y9, dst, dst        \
	VPAND     Y10, dst, dst       \
	VMOVDQU   off+2(SI)(DX*1), Y9 \
	VPSRLW    $4, Y9, Y10         \
	VPAND     Y6, Y9, Y9          \
	VPAND     Y6, Y10, Y10        \
	VPSHUFB   Y9, Y4, Y9          \
	VPSHUFB   Y10, Y5, Y10        \
	VPAND     Y9, dst, dst        \
	VPAND     Y10, dst, dst

// func sieve256(t *tables, text *byte, n int, before uint64, due int) (clear, lines int, passed, runs, wrong uint64, next int)
TEXT ·sieve256(SB), NOSPLIT, $0-88
	MOVQ t+0(FP), AX
	MOVQ text+8(FP), SI
	VMOVDQU 0(AX), Y0
	VMOVDQU 32(AX), Y1
	VMOVDQU 64(AX), Y2
	VMOVDQU 96(AX), Y3
	VMOVDQU 128(AX), Y4
	VMOVDQU 160(AX), Y5
	VMOVDQU 192(AX), Y11
	VMOVDQU 224(AX), Y12
	MOVL $0x0f0f0f0f, BX
	VMOVD BX, X6
	VPBROADCASTD X6, Y6
	MOVL $0x0a0a0a0a, BX
	VMOVD BX, X13
	VPBROADCASTD X13, Y13
	VPXOR Y7, Y7, Y7
	CONSTANTS
	MOVQ due+32(FP), CX
	LIMITED(-64(CX))
	TESTQ CX, CX
	JMI  sample256

block256:
	PREFETCHT0 4096(SI)(DX*1)
	HALF(0, AX, R9, Y8)
	HALF(32, BX, R10, Y15)
	SHLQ $32, R10
	ORQ  R10, R9
	SHLQ $32, BX
	ORQ  BX, AX
	RUNS
	VPOR Y8, Y15, Y10
	VPTEST Y10, Y10
	JNZ done256
	TESTQ R12, DI
	JNZ done256
	POPCNTQ AX, AX
	ADDQ AX, R15
	ADDQ $64, DX
	CMPQ DX, CX
	JLE block256

sample256:
	LIMIT(end256)
	SAMPLE256
	MIXED
	JMI  mixed256

chunk256:
	LIMITED(SAMPLED-64(DX))
	JMP block256

mixed256:
	BROKEN256(chunk256)
	XORQ R10, R10
	MOVQ $1, DI
	JMP  return256

end256:
	XORQ R10, R10
	XORQ DI, DI
	JMP return256

done256:
	VPCMPEQB Y7, Y8, Y8
	VPCMPEQB Y7, Y15, Y15
	VPMOVMSKB Y8, R9
	VPMOVMSKB Y15, R10
	SHLQ $32, R10
	ORQ R9, R10
	NOTQ R10
	ANDQ R12, DI

return256:
	RESULTS
	RET

// func sieve512(t *tables, text *byte, n int, before uint64, due int) (clear, lines int, passed, runs, wrong uint64, next int)
TEXT ·sieve512(SB), NOSPLIT, $0-88
	MOVQ t+0(FP), AX
	MOVQ text+8(FP), SI
	VBROADCASTI32X4 0(AX), Z0
	VBROADCASTI32X4 32(AX), Z1
	VBROADCASTI32X4 64(AX), Z2
	VBROADCASTI32X4 96(AX), Z3
	VBROADCASTI32X4 128(AX), Z4
	VBROADCASTI32X4 160(AX), Z5
	VBROADCASTI32X4 192(AX), Z11
	VBROADCASTI32X4 224(AX), Z12
	MOVL $0x0f0f0f0f, BX
	VPBROADCASTD BX, Z6
	MOVL $0x0a0a0a0a, BX
	VPBROADCASTD BX, Z13
	CONSTANTS
	DUE512(sample512)

block512:
	PREFETCHT0 4096(SI)(DX*1)
	VMOVDQU64 0(SI)(DX*1), Z9
	VPCMPEQB Z13, Z9, K2
	VPSRLW $4, Z9, Z10
	VPANDQ Z6, Z9, Z9
	VPANDQ Z6, Z10, Z10
	VPSHUFB Z9, Z11, Z14
	VPSHUFB Z10, Z12, Z15
	VPTESTNMB Z14, Z15, K3
	VPSHUFB Z9, Z0, Z8
	VPSHUFB Z10, Z1, Z10
	VPANDQ Z10, Z8, Z8
	VMOVDQU64 1(SI)(DX*1), Z9
	VPSRLW $4, Z9, Z10
	VPANDQ Z6, Z9, Z9
	VPANDQ Z6, Z10, Z10
	VPSHUFB Z9, Z2, Z9
	VPSHUFB Z10, Z3, Z10
	VPTERNLOGQ $0x80, Z9, Z10, Z8
	VMOVDQU64 2(SI)(DX*1), Z9
	VPSRLW $4, Z9, Z10
	VPANDQ Z6, Z9, Z9
	VPANDQ Z6, Z10, Z10
	VPSHUFB Z9, Z4, Z9
	VPSHUFB Z10, Z5, Z10
	VPTERNLOGQ $0x80, Z9, Z10, Z8
	VPTESTMB Z8, Z8, K1
	KMOVQ K3, R9
	KMOVQ K2, AX
	POPCNTQ AX, AX
	RUNS
	KORTESTQ K1, K1
	JNZ done512
	TESTQ R12, DI
	JNZ done512
	ADDQ AX, R15
	ADDQ $64, DX
	CMPQ DX, CX
	JLE block512

sample512:
	CHANGES512(changes512, end512)

chunk512:
	NEXT512(block512)

changes512:
	WORDS512(chunk512)
	STOP512(1)

end512:
	STOP512(0)

done512:
	KMOVQ K1, R10
	ANDQ R12, DI
	RESULTS
	RET

// func sieveBytes(t *tables, text *byte, n int, before uint64, due int) (clear, lines int, passed, runs, wrong uint64, next int)
TEXT ·sieveBytes(SB), NOSPLIT, $0-88
	MOVQ t+0(FP), AX
	MOVQ text+8(FP), SI
	VMOVDQU64 256(AX), Z0 // the first byte
	VMOVDQU64 320(AX), Z1
	VMOVDQU64 384(AX), Z2 // the second
	VMOVDQU64 448(AX), Z3
	VMOVDQU64 512(AX), Z4 // the third
	VMOVDQU64 576(AX), Z5
	MOVL $0x0a0a0a0a, BX
	VPBROADCASTD BX, Z13
	CONSTANTS
	DUE512(sampleBytes)

blockBytes:
	PREFETCHT0 4096(SI)(DX*1)
	VMOVDQU64 0(SI)(DX*1), Z9
	VMOVDQA64 Z9, Z8
	VMOVDQU64 1(SI)(DX*1), Z10
	VMOVDQU64 2(SI)(DX*1), Z11
	VPCMPEQB Z13, Z9, K2
	VPERMI2B Z1, Z0, Z8
	VPERMI2B Z3, Z2, Z10
	VPERMI2B Z5, Z4, Z11
	VPANDNQ Z8, Z9, Z12
	VPMOVB2M Z12, K3
	VPTERNLOGQ $0x80, Z11, Z10, Z8
	VPTESTMB Z8, Z8, K1
	KMOVQ K3, R9
	KMOVQ K2, AX
	NOTQ R9
	POPCNTQ AX, AX
	RUNS
	KORTESTQ K1, K1
	JNZ doneBytes
	TESTQ R12, DI
	JNZ doneBytes
	ADDQ AX, R15
	ADDQ $64, DX
	CMPQ DX, CX
	JLE blockBytes

sampleBytes:
	CHANGES512(changesBytes, endBytes)

chunkBytes:
	NEXT512(blockBytes)

changesBytes:
	WORDS512(chunkBytes)
	STOP512(1)

endBytes:
	STOP512(0)

doneBytes:
	KMOVQ K1, R10
	ANDQ R12, DI
	RESULTS
	RET
