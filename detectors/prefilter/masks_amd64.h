// MASKS loads the masks at m into Y0 to Y5, of the first, second and third byte, for the low half of each and the high one; Y6 has
// 0x0f in each byte then, and Y7 nothing.
#define MASKS(m) \
	VMOVDQU 0(m), Y0     \
	VMOVDQU 32(m), Y1    \
	VMOVDQU 64(m), Y2    \
	VMOVDQU 96(m), Y3    \
	VMOVDQU 128(m), Y4   \
	VMOVDQU 160(m), Y5   \
	MOVL $0x0f0f0f0f, BX \
	VMOVD BX, X6         \
	VPBROADCASTD X6, Y6  \
	VPXOR Y7, Y7, Y7
