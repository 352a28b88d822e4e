// What is the same for each vector: V24 has 0x0f in each byte, and V25 a bit for each of eight bytes, twice.

#define CONSTANTS \
	MOVD  $0x8040201008040201, R16 \
	VDUP  R16, V25.D2              \
	VMOVI $0x0f, V24.B16

// LOAD loads what is at R0, of which each is there twice, and goes on behind it.
#define LOAD(v) \
	VLD1 (R0), [v.B16] \
	ADD  $32, R0

// CLASS loads the class at R0, which is in low by the low halves of bytes and in high by the high ones.
#define CLASS(low, high) \
	LOAD(low) \
	LOAD(high)

// OF sets v to each bit where its bytes are of a class. It leaves nothing of use in t.
#define OF(v, t, low, high) \
	VUSHR  $4, v.B16, t.B16         \
	VAND   V24.B16, v.B16, v.B16    \
	VTBL   t.B16, [high.B16], t.B16 \
	VTBL   v.B16, [low.B16], v.B16  \
	VCMTST t.B16, v.B16, v.B16

// ALL sets dst to how much a vector lacks to have each bit; t has nothing of use then.
#define ALL(v, dst) \
	VMOV v.D[0], dst \
	VMOV v.D[1], R16 \
	AND  R16, dst    \
	MVN  dst, dst

// BITS sets dst to which of the 64 bytes of four vectors are not zero, where all others have each bit, a bit for each.
#define BITS(a, b, c, d, dst) \
	VAND  V25.B16, a.B16, a.B16 \
	VAND  V25.B16, b.B16, b.B16 \
	VAND  V25.B16, c.B16, c.B16 \
	VAND  V25.B16, d.B16, d.B16 \
	VADDP b.B16, a.B16, a.B16   \
	VADDP d.B16, c.B16, c.B16   \
	VADDP c.B16, a.B16, a.B16   \
	VADDP a.B16, a.B16, a.B16   \
	VMOV  a.D[0], dst
