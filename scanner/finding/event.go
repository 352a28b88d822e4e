package finding

import "time"

// An Event is one thing that a scan has to tell. The set is closed: Found, Met, Updated, Problem, Ended.
type Event interface{ event() }

// Found tells of a token at its first occurrence: the Finding is whole but for what later events add.
type Found struct{ Finding Finding }

// Met tells of a further occurrence of a token that was Found before.
type Met struct {
	ID         string
	Occurrence Occurrence
}

// Updated tells what became known of a token after it was Found. A nil or empty field says nothing new.
type Updated struct {
	ID       string
	Severity Severity
	Exposure *Exposure
	// Suppressed is set where it turned out that comments allow the token wherever it is.
	Suppressed *Suppression
	// Occurrences, where Repository is set, take the place of all occurrences of this token in that repository that
	// were told before.
	Repository  string
	Occurrences []Occurrence
}

// Ended is the last event of every scan, an interrupted one too.
type Ended struct {
	Tool    Tool // a sink sets it from its Begin where it is zero
	Scan    Scan
	Summary Summary
}

func (Found) event()   {}
func (Met) event()     {}
func (Updated) event() {}
func (Problem) event() {}
func (Ended) event()   {}

// Schema names the version of the report's JSON.
const Schema = "jwtleak/report/v1"

// A Report is everything one scan found.
type Report struct {
	Schema   string    `json:"schema"`
	Tool     Tool      `json:"tool"`
	Scan     Scan      `json:"scan"`
	Summary  Summary   `json:"summary"`
	Findings []Finding `json:"findings"`
}

// A Tool is what made a report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// A Scan says what was read, when, and what could not be read.
type Scan struct {
	// The times are zero, and absent from JSON, only in a report of a stream that was cut before it told them.
	StartedAt   time.Time `json:"started_at,omitzero"`
	FinishedAt  time.Time `json:"finished_at,omitzero"`
	EvaluatedAt time.Time `json:"evaluated_at,omitzero"`
	Targets     []Target  `json:"targets"`
	// Directory is where the scan was started and relative paths begin, from the root of the work tree that this lies in:
	// '/'-separated; "" for the root itself, and outside of any work tree.
	Directory string `json:"directory,omitempty"`
	// Root is the absolute path of that root, where a target below it is named by an absolute path, which has it in it.
	Root  string `json:"root,omitempty"`
	Stats Stats  `json:"stats"`
	// Complete is false where anything that was asked for was not read, or the scan was interrupted.
	Complete bool      `json:"complete"`
	Problems []Problem `json:"problems"`
	// ExitCode is what the command that scanned exits with; nil where that is not known, as of a stream that was cut, and of
	// several scans.
	ExitCode *int `json:"exit_code,omitempty"`
	// Gone are the ids, sorted, of findings of the baseline, or of the report that this one was compared with, that were not
	// met again where they were.
	Gone []string `json:"gone,omitempty"`
	// Narrowed are the flags, sorted, each with its value, that had less looked for than lies in the targets, or kept.
	Narrowed []string `json:"narrowed,omitempty"`
	// LeftOut is what was left out by design and not by the user's patterns, and why: work trees of a repository that lie
	// outside of the target, file systems of the kernel. It was not asked for, so that the scan is complete without it.
	LeftOut []Problem `json:"left_out,omitempty"`
	// Detached are the JWS with a detached payload that were met, nil where none was: they are no tokens.
	Detached *Detached `json:"detached,omitempty"`
}

// A Target is one thing the user pointed the scan at.
type Target struct {
	Kind string `json:"kind"` // git, dir, file or stdin
	Path string `json:"path"`
	// Of a repository: its web address, and the commit and branch at its HEAD, as far as it says.
	Remote string `json:"remote,omitempty"`
	Commit string `json:"commit,omitempty"`
	Branch string `json:"branch,omitempty"`
}

// Stats count what was read.
type Stats struct {
	Files      int64 `json:"files"`
	Bytes      int64 `json:"bytes"`
	Blobs      int64 `json:"blobs"`
	Commits    int64 `json:"commits"`
	Containers int64 `json:"containers"`
	// LeftOut is how many paths the user's patterns left out: files and directories, a directory counting once whatever is
	// in it, and paths in repositories that have tokens, or that the range or the index touches.
	LeftOut int64 `json:"left_out"`
}

// A Summary counts findings.
type Summary struct {
	Findings    int `json:"findings"`
	Occurrences int `json:"occurrences"`
	// Suppressed is how many of the findings the user accepted beforehand.
	Suppressed int              `json:"suppressed,omitempty"`
	ByStatus   map[Status]int   `json:"by_status"`
	BySeverity map[Severity]int `json:"by_severity"`
	ByIssuer   map[string]int   `json:"by_issuer"` // by the issuer's name where known, else by iss
	ByHolder   map[string]int   `json:"by_holder"`
	// ExpiresNext are the live tokens that expire first, and MostExposed those in the most places, the worst of as many first; at most ten of each.
	ExpiresNext []Upcoming `json:"expires_next,omitempty"`
	MostExposed []Exposed  `json:"most_exposed,omitempty"`
}
