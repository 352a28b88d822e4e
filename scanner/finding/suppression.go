package finding

// A Suppression says that the user accepted a finding beforehand. The finding is told all the same, and does not fail
// the scan.
type Suppression struct {
	By     SuppressedBy `json:"by"`
	Reason string       `json:"reason"`
}

// SuppressedBy says what accepted a finding.
type SuppressedBy string

// What can accept a finding.
const (
	SuppressedByBaseline      SuppressedBy = "baseline"      // an earlier report
	SuppressedByIgnoreFile    SuppressedBy = "ignore_file"   // a line of .jwtleakignore
	SuppressedByConfiguration SuppressedBy = "configuration" // .jwtleak.yaml
	SuppressedByComment       SuppressedBy = "comment"       // jwtleak:allow on the line of every occurrence
)
