// OTHERS sets dst to which of the 32 bytes in y are not of a class, a bit for each: low and high have the class by the halves of a
// byte, half has 0x0f in each byte and zero nothing. It leaves nothing of use in y and t.
#define OTHERS(y, t, low, high, half, zero, dst) \
	VPSRLW    $4, y, t   \
	VPAND     half, y, y \
	VPAND     half, t, t \
	VPSHUFB   y, low, y  \
	VPSHUFB   t, high, t \
	VPAND     y, t, y    \
	VPCMPEQB  zero, y, y \
	VPMOVMSKB y, dst

// CLASS loads what OTHERS takes for the class at c; half16 is the first half of half.
#define CLASS(c, low, high, half, half16, zero) \
	VMOVDQU 0(c), low     \
	VMOVDQU 32(c), high   \
	MOVL $0x0f0f0f0f, BX  \
	VMOVD BX, half16      \
	VPBROADCASTD half16, half \
	VPXOR zero, zero, zero
