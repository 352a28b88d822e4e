package detectors

// A Rule names what kind of token a match is. It is the rule id of the reports.
type Rule string

// The two serializations of JOSE that are credentials.
const (
	JWS Rule = "jws" // RFC 7515: signed, its claims readable
	JWE Rule = "jwe" // RFC 7516: encrypted, its claims unknown
)

// Detached is what a Match is that is no token, but a JWS whose payload is elsewhere (RFC 7515, appendix F): it says nothing of anyone,
// and nobody gets anything for it.
const Detached Rule = "detached"

// A Match is one token found in a text, or what is Detached.
type Match struct {
	Rule Rule
	// Start and End bound the token, together with any wrapping around it, in the text given to Detect: text[Start:End].
	Start, End int
	// Token is the canonical token: the compact serialization, segments joined by '.', the URL-safe alphabet, no
	// padding. It is the detector's own copy, free to be kept.
	Token string
	// Encodings are the wrappings that were undone to find the token, outermost first; nil for one in plain text.
	Encodings []string
	// Disclosures is the number of SD-JWT disclosures that follow the token (RFC 9901, section 4).
	Disclosures int
}

// A Detector finds tokens in a text.
type Detector interface {
	// Detect calls yield once for each token in text, in order of Start, and returns how many bytes of text it is done
	// with. Where atEOF is false, more follows: a token that may begin at or after done and is not yet whole is not
	// yielded; the caller shows text[done:] again with what comes next in front of its next block. Where atEOF is true,
	// done is len(text). A detector always makes progress: it holds back no more than MaxHeld bytes.
	//
	// The buffer is the caller's and may be reused once Detect has returned. Detect may be called from any number of
	// goroutines at once; yield is called on the caller's.
	Detect(text []byte, atEOF bool, yield func(Match)) (done int)
}

// A Bounded detector does no more for a text than some limits allow, and says where it stopped at one.
type Bounded interface {
	Detector
	// DetectBounded is Detect, and calls skipped each time that it leaves something unread that might have a token in it,
	// with the reason: a constant sentence for a person, without anything of the text. It is called on the caller's
	// goroutine, and may be called many times with the same reason.
	DetectBounded(text []byte, atEOF bool, yield func(Match), skipped func(reason string)) (done int)
}

// A Skimmer is a detector that can tell more cheaply that it has nothing to do for a text.
type Skimmer interface {
	Detector
	// Skim reports whether text is clean from an offset on, up to which it was judged before: whether Detect would yield nothing
	// that begins there. Judged is up to where that is so, whatever follows: of a text that is clean, what can be told without
	// more of it, and otherwise what stands in front of the first that there may be. Lines is how many line feeds are between
	// the offset and there, which come of the same reading. The text may change meanwhile: then what is told is true of some
	// state of each part of it.
	Skim(text []byte, from int, atEOF bool) (judged, lines int, clean bool)
	// Settled returns how much of a text that is judged no later part of it is a part of: less than all where it may end inside of
	// something that begins in it, and that what follows may point at.
	Settled(text []byte) (done int)
	// DetectWithin is Detect for a part of a text, the rest of which is clean. A detector that is bounded does no more for
	// all parts of one allowance than for the text as a whole. Fresh is how many bytes of the text have come in sight since the
	// part before.
	DetectWithin(allowance *Allowance, fresh int, text []byte, atEOF bool, yield func(Match)) (done int)
}

// An Allowance is what a detector may still do for a text that it is shown in parts. The zero value is that of a text that
// begins. It is for one goroutine.
type Allowance struct {
	Seen int // how many bytes of the text have come in sight
	Left int // in a unit of the detector's own
	Lent int // what the detector took besides, in that unit, for a large token that had begun
	// Known is how many bytes at the beginning of the part are shown for the sake of what follows alone: what ends there is not
	// looked for.
	Known int
	// Begun says that such a token is held back.
	Begun bool
	// Coming says that the text is shown as it comes, and much of it again and again: what a part costs counts where that is
	// done with, in proportion.
	Coming bool
	// Trial says that the part is shown as though the text ended with it, and again later: then it costs nothing, and what is
	// not undone is not told, since more may be undone then.
	Trial bool
}

// MaxHeld is the most a detector asks to be shown again, in bytes, and so the longest token, with its wrapping, that is
// found wherever the edges of blocks fall.
const MaxHeld = 4 << 20

// A Prefilter says cheaply where a token may begin. A text without a candidate has no token.
type Prefilter interface {
	// Index returns the offset of the first candidate in text, or -1. Whether a place is a candidate depends on no more
	// than the Width bytes that start there, so a text all of whose windows of Width bytes were seen elsewhere without
	// a candidate has none.
	Index(text []byte) int
	// Width is the length in bytes of the longest needle.
	Width() int
}

// A Candidate is a place in a text that a detector has to look at. What Kind says is the detector's own.
type Candidate struct {
	At   int // its offset
	Kind uint8
}

// A Locator names all candidates of a text. Those of a text that is put together of parts of another need then not be
// looked for again, but where the parts meet.
type Locator interface {
	Prefilter
	// Candidates appends to dst the candidates in text[from:to], in order. A text that Index finds none in has none.
	Candidates(dst []Candidate, text []byte, from, to int) []Candidate
	// Reach returns how many bytes in front of a place and from it on decide whether it is a candidate, and of which
	// kind. That the text begins or ends there counts as well.
	Reach() (back, ahead int)
}

// A Guided detector can be told where the candidates of its Locator are, which is most of its work.
type Guided interface {
	Bounded
	// DetectAt is DetectBounded for a whole text all candidates of which are given, in order.
	DetectAt(text []byte, candidates []Candidate, yield func(Match), skipped func(reason string))
}
