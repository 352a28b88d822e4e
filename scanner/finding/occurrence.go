package finding

import "time"

// An Occurrence is one place where a token was met.
type Occurrence struct {
	Place Place
	// Line and Column are 1-based, Offset is 0-based; Column and Offset count bytes. Inside a container they are those
	// of the innermost text.
	Line, Column, Offset int64
	// CharacterColumn is Column in characters (code points of UTF-8), a byte order mark not counted; zero where that is not
	// known, since too much of the line lies before.
	CharacterColumn int64
	// Container is the way from the place's file or object to the innermost text: the names of the entries, outermost
	// first.
	Container []string
	// Encodings are the wrappings undone around the token, outermost first.
	Encodings []string
	// Allowed is set where a comment on the token's line says that it may stand there, and the comment is not a stranger's.
	Allowed bool
	// SeenAt is when the token lay there, and SeenBy what told it; zero and empty where nothing does.
	SeenAt time.Time
	SeenBy SeenBy
}

// SeenBy says what told when a token was seen.
type SeenBy string

// What tells when a token was seen, the most telling first.
const (
	SeenByCommit SeenBy = "commit" // the commit that brought it in
	SeenByLog    SeenBy = "log"    // the time on its line
	SeenByEntry  SeenBy = "entry"  // the time of the archive's entry
	SeenByFile   SeenBy = "file"   // the file's own time
)

// A Place is what a text is: a file, standard input, or something in a git repository. The set is closed.
type Place interface {
	// Kind is the word for it in reports.
	Kind() string
	place()
}

// A FilePlace is a file. Path is as given, or below the directory given; '/'-separated.
type FilePlace struct {
	Target string // as the user named it
	Path   string
}

// A StdinPlace is standard input.
type StdinPlace struct {
	// ReadAt is when the scan was started that read it, where reports of several were merged; else zero. It tells their
	// streams apart.
	ReadAt time.Time
}

// A GitPlace is an object of a git repository, and what is known of how it came there.
type GitPlace struct {
	Target     string // as the user named it
	Repository string // path of the repository
	Path       string // in the tree, relative to its root; empty where no tree names the object
	Object     string // the object's name, hex
	// ObjectType is blob, commit, tag, or tree where the token is in a name in it; or what a text outside the object
	// database is: index, or ref where the token is in the name of a reference to the object.
	ObjectType string
	Attribution
}

// An Attribution says how an object came into a repository.
type Attribution struct {
	Commit      string // that brought it in
	Author      string
	AuthorEmail string
	AuthoredAt  time.Time
	Reachable   bool     // from any ref
	AtHead      bool     // of a work tree: what is checked out has it
	OnBranch    bool     // what is checked out, a branch or a tag leads to the commit; not told in reports
	AtTip       bool     // of a branch or tag
	Tips        []string // which, full ref names, sorted
	RemovedBy   string   // commit that took it out of the path again
}

// Kind returns "file".
func (FilePlace) Kind() string { return "file" }

// Kind returns "stdin".
func (StdinPlace) Kind() string { return "stdin" }

// Kind returns "git".
func (GitPlace) Kind() string { return "git" }

func (FilePlace) place()  {}
func (StdinPlace) place() {}
func (GitPlace) place()   {}

// A Problem is a part of the input that could not be read, or not whole.
type Problem struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}
