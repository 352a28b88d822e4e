// Of a sample, in lower case is what is greater than lowered, and in upper what is less than capitals when capitalA is taken from it.
DATA lowered<>+0(SB)/8, $0x6060606060606060
DATA lowered<>+8(SB)/8, $0x6060606060606060
DATA lowered<>+16(SB)/8, $0x6060606060606060
DATA lowered<>+24(SB)/8, $0x6060606060606060
DATA lowered<>+32(SB)/8, $0x6060606060606060
DATA lowered<>+40(SB)/8, $0x6060606060606060
DATA lowered<>+48(SB)/8, $0x6060606060606060
DATA lowered<>+56(SB)/8, $0x6060606060606060
GLOBL lowered<>(SB), RODATA|NOPTR, $64
DATA capitalA<>+0(SB)/8, $0x4141414141414141
DATA capitalA<>+8(SB)/8, $0x4141414141414141
DATA capitalA<>+16(SB)/8, $0x4141414141414141
DATA capitalA<>+24(SB)/8, $0x4141414141414141
DATA capitalA<>+32(SB)/8, $0x4141414141414141
DATA capitalA<>+40(SB)/8, $0x4141414141414141
DATA capitalA<>+48(SB)/8, $0x4141414141414141
DATA capitalA<>+56(SB)/8, $0x4141414141414141
GLOBL capitalA<>(SB), RODATA|NOPTR, $64
DATA capitals<>+0(SB)/8, $0x1a1a1a1a1a1a1a1a
DATA capitals<>+8(SB)/8, $0x1a1a1a1a1a1a1a1a
DATA capitals<>+16(SB)/8, $0x1a1a1a1a1a1a1a1a
DATA capitals<>+24(SB)/8, $0x1a1a1a1a1a1a1a1a
DATA capitals<>+32(SB)/8, $0x1a1a1a1a1a1a1a1a
DATA capitals<>+40(SB)/8, $0x1a1a1a1a1a1a1a1a
DATA capitals<>+48(SB)/8, $0x1a1a1a1a1a1a1a1a
DATA capitals<>+56(SB)/8, $0x1a1a1a1a1a1a1a1a
GLOBL capitals<>(SB), RODATA|NOPTR, $64

// In upper case is as well what is greater than signs, and not than uppered.
DATA uppered<>+0(SB)/8, $0x5a5a5a5a5a5a5a5a
DATA uppered<>+8(SB)/8, $0x5a5a5a5a5a5a5a5a
DATA uppered<>+16(SB)/8, $0x5a5a5a5a5a5a5a5a
DATA uppered<>+24(SB)/8, $0x5a5a5a5a5a5a5a5a
GLOBL uppered<>(SB), RODATA|NOPTR, $32
DATA signs<>+0(SB)/8, $0x4040404040404040
DATA signs<>+8(SB)/8, $0x4040404040404040
DATA signs<>+16(SB)/8, $0x4040404040404040
DATA signs<>+24(SB)/8, $0x4040404040404040
GLOBL signs<>(SB), RODATA|NOPTR, $32

// SAMPLED is what Sampled is.
#define SAMPLED 192

// MIXED sets the sign if those bytes are mixed, but for what BROKEN256 asks; a branch for each half of that would be guessed in vain.
#define MIXED \
	RORXQ $1, AX, R10 \
	ANDQ  R10, AX     \
	RORXQ $2, AX, R10 \
	ANDQ  R10, AX     \
	POPCNTQ AX, AX    \
	RORXQ $1, R9, R10 \
	XORQ  R9, R10     \
	POPCNTQ R10, R10  \
	SUBQ  $6, AX      \
	SUBQ  $8, R10     \
	ANDNQ AX, R10, R10

// LOWER and UPPER set dst to which of the 32 bytes at off(SI)(DX) are in lower case or upper.
#define LOWER(off, dst) \
	VMOVDQU   off(SI)(DX*1), Y9      \
	VPCMPGTB  lowered<>(SB), Y9, Y10 \
	VPMOVMSKB Y10, dst

#define UPPER(off, dst) \
	VMOVDQU   off(SI)(DX*1), Y9      \
	VPCMPGTB  uppered<>(SB), Y9, Y10 \
	VPCMPGTB  signs<>(SB), Y9, Y9    \
	VPANDN    Y9, Y10, Y9            \
	VPMOVMSKB Y9, dst

// SAMPLE256 sets AX to which of the 64 bytes at (SI)(DX) are in lower case, and R9 to which in upper.
#define SAMPLE256 \
	LOWER(0, AX)   \
	LOWER(32, R10) \
	SHLQ $32, R10  \
	ORQ  R10, AX   \
	UPPER(0, R9)   \
	UPPER(32, R10) \
	SHLQ $32, R10  \
	ORQ  R10, R9

// BROKEN256 goes to other where none of the 64 bytes at (SI)(DX) is a line feed, and some are not ASCII. Y13 has line feeds.
#define BROKEN256(other) \
	VMOVDQU   0(SI)(DX*1), Y9       \
	VPOR      32(SI)(DX*1), Y9, Y10 \
	VPMOVMSKB Y10, AX               \
	VPCMPEQB  Y9, Y13, Y9           \
	VPCMPEQB  32(SI)(DX*1), Y13, Y10 \
	VPOR      Y9, Y10, Y9           \
	VPMOVMSKB Y9, R10               \
	CMPL      R10, $1               \
	SBBL      R10, R10              \
	TESTL     R10, AX               \
	JNZ       other
