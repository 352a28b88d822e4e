package history

import (
	"bytes"
	"fmt"
	"testing"
)

// TestLeadingByMany has as many branches named as an occurrence may have tips, whatever else leads there, and holds no more.
func TestLeadingByMany(t *testing.T) {
	t.Parallel()
	commits := NewCommits()
	object, err := ParseName(string(bytes.Repeat([]byte("1"), 40)))
	if err != nil {
		t.Fatal(err)
	}
	var tips []Tip
	for _, kind := range []string{"pull", "heads", "tags"} {
		for i := range 3 * MaxTips {
			tips = append(tips, Tip{Ref: fmt.Sprintf("refs/%s/%d", kind, i), Object: object})
		}
	}
	leading := commits.Leading(tips)[object]
	named := 0
	for _, tip := range leading {
		if tip.IsBranchOrTag() {
			named++
		}
	}
	if named != MaxTips || len(leading) > MaxTips+1 {
		t.Errorf("%d tips are held, %d of them named", len(leading), named)
	}
	if leading := commits.Leading(tips[:1]); len(leading[object]) != 1 {
		t.Errorf("a pull request's reference leads there, held is %v", leading)
	}
}
