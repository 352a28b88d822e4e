package encoding_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/detectors/encoding"
)

// TestTokensInSerializations has another token in a member of a JSON serialization, in some form and wherever it stands: each is found
// once, and none that is made of both.
func TestTokensInSerializations(t *testing.T) {
	for round := range 6 * encoding.Rounds(3) {
		r := rand.New(rand.NewPCG(41, uint64(round)))
		token, other := mint{r}.token(), mint{r}.token()
		o := strings.Split(other, ".")
		values := map[string]string{
			"as it is":        strconv.Quote(other),
			"in a header":     strconv.Quote("Authorization: Bearer " + other + "\n"),
			"base64":          strconv.Quote(std("Authorization: Bearer " + other)),
			"JSON in JSON":    strconv.Quote(`{"access_token":"` + other + `"}`),
			"JSON in base64":  strconv.Quote(std(`{"access_token":"` + other + `"}`)),
			"serialized":      fmt.Sprintf(`{"payload":%q,"protected":%q,"signature":%q}`, o[1], o[0], o[2]),
			"general":         fmt.Sprintf(`[{"signatures":[{"protected":%q,"signature":%q}],"payload":%q}]`, o[0], o[2], o[1]),
			"serialized JSON": strconv.Quote(fmt.Sprintf(`{"payload":%q,"protected":%q,"signature":%q}`, o[1], o[0], o[2])),
		}
		for form, value := range inOrder(values) {
			json := withMember(r, token, value)
			for name, text := range map[string]string{
				"plain": json, "JSON": strconv.Quote(json), "base64": std("words " + json), "a form": quotedBy()["quotes and blanks, a form's"](json),
				"a shell's": quotedBy()["shell"](json), "two": json + "\n" + json,
			} {
				var found []string
				for _, match := range detect("line\n" + text + "\nline\n") {
					found = append(found, match.Token)
				}
				want := []string{token, other}
				if name == "two" {
					want = append(want, token, other)
				}
				slices.Sort(found)
				slices.Sort(want)
				if !slices.Equal(found, want) {
					t.Errorf("%s in %s, round %d: found %d tokens, not the %d", form, name, round, len(found), len(want))
				}
			}
		}
	}
}

// withMember returns a JSON serialization of a token, flattened or general, with one more member somewhere.
func withMember(r *rand.Rand, token, value string) string {
	s := strings.Split(token, ".")
	members := []string{`"protected":"` + s[0] + `"`, `"payload":"` + s[1] + `"`, `"signature":"` + s[2] + `"`, `"other":` + value}
	if r.IntN(2) == 0 {
		r.Shuffle(len(members), func(i, k int) { members[i], members[k] = members[k], members[i] })
		// One that is itself a serialization, behind the signature and in front of the header, hides the signature.
		if other := slices.Index(members, `"other":`+value); value[0] != '"' && strings.HasPrefix(strings.Join(members[:other], ""), `"signature"`) {
			members[0], members[other] = members[other], members[0]
		}
		return "{" + strings.Join(members, ",") + "}"
	}
	signer := []string{members[0], members[2], `"header":{"other":` + value + "}"}
	r.Shuffle(len(signer), func(i, k int) { signer[i], signer[k] = signer[k], signer[i] })
	return "{" + members[1] + `,"signatures":[{` + strings.Join(signer, ",") + "}]}"
}
