// SAMPLED is what Sampled is.
#define SAMPLED 192

// AMONG sets v to each bit where its bytes are among so many from a first one on: their number, less one, is in most.
#define AMONG(v, first, most, t) \
	VSUB  first.B16, v.B16, v.B16 \
	VUMIN most.B16, v.B16, t.B16  \
	VCMEQ t.B16, v.B16, v.B16

// BYTESAMONG sets dst to which of the 64 bytes in V0 to V3 are among so many from a first one on, a bit for each.
#define BYTESAMONG(first, most, dst) \
	VMOVI first, V28.B16      \
	VMOVI most, V29.B16       \
	AMONG(V0, V28, V29, V30)  \
	AMONG(V1, V28, V29, V30)  \
	AMONG(V2, V28, V29, V30)  \
	AMONG(V3, V28, V29, V30)  \
	BITS(V0, V1, V2, V3, dst)

// SAMPLE goes to other if the 64 bytes at text are not mixed. It takes V0 to V7 and V28 to V31, and R9 and R10 besides.
#define SAMPLE(text, other) \
	VLD1  (text), [V0.B16, V1.B16, V2.B16, V3.B16] \
	BYTESAMONG($0x41, $25, R9)    \
	EOR   R9@>1, R9, R10          \
	ONES(R10, V4, R10)            \
	CMP   $8, R10                 \
	BLT   other                   \
	VLD1  (text), [V0.B16, V1.B16, V2.B16, V3.B16] \
	ANY(V0, V1, V2, V3, V4, V5, R9) \
	VMOVI $0x0a, V28.B16          \
	VCMEQ V28.B16, V0.B16, V4.B16 \
	VCMEQ V28.B16, V1.B16, V5.B16 \
	VCMEQ V28.B16, V2.B16, V6.B16 \
	VCMEQ V28.B16, V3.B16, V7.B16 \
	ANY(V4, V5, V6, V7, V30, V31, R10) \
	CMP   $0, R10                 \
	CSEL  EQ, R9, ZR, R9          \
	TST   $0x8080808080808080, R9 \
	BNE   other                   \
	BYTESAMONG($0x61, $30, R9)    \
	AND   R9@>1, R9, R9           \
	AND   R9@>2, R9, R9           \
	ONES(R9, V4, R9)              \
	CMP   $6, R9                  \
	BGE   other
