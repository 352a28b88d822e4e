package encoding

import "github.com/jwtleak/jwtleak/detectors/jwt"

// Detector finds tokens in plain text.
type Detector struct{ jwt.Detector }

// New returns a detector.
func New() *Detector { return &Detector{jwt.NewDetector()} }
