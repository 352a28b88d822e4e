// What a vector of 16 bytes says is taken together for 64 at a time: V25 has a bit for each of eight bytes, twice, and V24 has 0x0f in
// each byte.

// CONSTANTS loads both.
#define CONSTANTS \
	MOVD  $0x8040201008040201, R16 \
	VDUP  R16, V25.D2              \
	VMOVI $0x0f, V24.B16

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

// ANY sets dst to something else than zero if a byte of four vectors is. It leaves nothing of use in t and u.
#define ANY(a, b, c, d, t, u, dst) \
	VORR a.B16, b.B16, t.B16 \
	VORR c.B16, d.B16, u.B16 \
	VORR t.B16, u.B16, t.B16 \
	VMOV t.D[0], dst         \
	VMOV t.D[1], R16         \
	ORR  R16, dst

// HALVES leaves the low half of each byte of v in v, and sets high to the high one.
#define HALVES(v, high) \
	VUSHR $4, v.B16, high.B16  \
	VAND  V24.B16, v.B16, v.B16

// BOTH sets v, of whose bytes it has the low halves, to what tables of these and of the high ones have in common.
#define BOTH(v, high, lows, highs) \
	VTBL v.B16, [lows.B16], v.B16        \
	VTBL high.B16, [highs.B16], high.B16 \
	VAND high.B16, v.B16, v.B16

// ONES sets n to how many bits of word are set; v has nothing of use then.
#define ONES(word, v, n) \
	VMOV    word, v.D[0]   \
	VCNT    v.B8, v.B8     \
	VUADDLV v.B8, v        \
	VMOV    v.H[0], n

// LOAD loads what is at m, of which each is there twice, and goes on behind it.
#define LOAD(m, v) \
	VLD1 (m), [v.B16] \
	ADD  $32, m

// MASKS loads the masks at m into V16 to V21, of the first, second and third byte, for the low half of each and the high one.
#define MASKS(m) \
	LOAD(m, V16) \
	LOAD(m, V17) \
	LOAD(m, V18) \
	LOAD(m, V19) \
	LOAD(m, V20) \
	LOAD(m, V21)
