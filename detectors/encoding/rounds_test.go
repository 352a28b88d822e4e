package encoding

// Rounds returns how many of so many rounds a test goes through: an eighth under the race detector, which takes ten times as long. The
// gate goes through all of them without it.
func Rounds(n int) int {
	if RaceDetector {
		return max(1, n/8)
	}
	return n
}
