package prefilter

const _ = uint(telltaleClasses-11) + uint(11-telltaleClasses) // as many as are done there

const vectors128 vectors = noVectors + 1

func telltaleVectors() vectors { return vectors128 }

// markVector sets marks by the told bytes from text on.
func (t *Telltales) markVector(text *byte, marks *telltaleMarks) { telltale128(t, text, marks) }

//go:noescape
func telltale128(t *Telltales, text *byte, marks *telltaleMarks)
