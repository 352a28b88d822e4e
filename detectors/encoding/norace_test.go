//go:build !race

package encoding

const RaceDetector = false
