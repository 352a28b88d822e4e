//go:build !amd64

package prefilter

func telltaleVectors() vectors { return noVectors }

func telltale256(*Telltales, *byte, *telltaleMarks) { panic("prefilter: no vectors on this machine") }
func telltale512(*Telltales, *byte, *telltaleMarks) { panic("prefilter: no vectors on this machine") }
