//go:build !race

package encoding_test

const raceDetector = false
