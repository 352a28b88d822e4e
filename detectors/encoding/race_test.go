//go:build race

package encoding

// RaceDetector says that the tests run under the race detector, ten times as slow: what is tested here has no
// goroutines, so a part of it has to do.
const RaceDetector = true
