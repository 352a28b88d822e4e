package report

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jwtleak/jwtleak/scanner/triage" //nolint:depguard // for the test alone: the advice that is to be told
)

func commandsIn(text string) []string {
	var commands []string
	for _, part := range passages(text) {
		if part.command {
			commands = append(commands, part.text)
		}
	}
	return commands
}

func TestPassages(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"Wait for exp.", nil},
		{"Delete it: kubectl -n shop delete secret x.y. The API server refuses it.", []string{"kubectl -n shop delete secret x.y"}},
		{"It ends so: kubectl drain n1, then kubectl delete node n1. Done.", []string{"kubectl drain n1", "kubectl delete node n1"}},
		{"Stop new ones: az ad app credential reset --id a (tenant t), or az ad sp update --id o --set accountEnabled=false",
			[]string{"az ad app credential reset --id a", "az ad sp update --id o --set accountEnabled=false"}},
		{"Who uses kubectl. Or aws, or az", nil},
		{"The client kubectl (of t) is it.", nil},
		{"The user of op", nil},
	} {
		if got := commandsIn(test.text); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, want %q", test.text, got, test.want)
		}
	}
}

// A command is on a line of its own, and one that is too long is continued in a way that a shell reads as one.
func TestAdvice(t *testing.T) {
	const width = 86
	long := "aws cognito-idp admin-user-global-sign-out --region eu-central-1 --user-pool-id eu-central-1_AbCdEfGhI --username " + strings.Repeat("u", 100)
	lines := newColumns().advice("End it: kubectl -n shop delete secret robot-token-x7k2p. Then end that too: "+long+". Wait.", width)
	if lines[1] != "  kubectl -n shop delete secret robot-token-x7k2p" || lines[len(lines)-1] != "Wait." {
		t.Errorf("%q", lines)
	}
	script := strings.Join(lines[3:len(lines)-1], "\n")
	if !strings.Contains(script, "\\\n") {
		t.Errorf("the long command is on one line: %q", script)
	}
	if got := strings.Join(strings.Fields(strings.ReplaceAll(script, "\\\n", " ")), " "); got != long {
		t.Errorf("a shell reads %q, want %q", got, long)
	}
	for _, line := range lines {
		if len(line) > width && !strings.HasPrefix(strings.TrimSpace(line), "uuu") {
			t.Errorf("too wide: %q", line)
		}
	}
}

// Whatever looks like a command in the advice of an issuer is told as one, with nothing of the sentence behind it.
func TestCommandsOfIssuers(t *testing.T) {
	begins := regexp.MustCompile(`(^|[ (])(kubectl|vault (write|token)|nomad (job|operator)|argocd (account|proj)|spire-server|aws|gcloud|az|kcadm|turso|op connect|stream-cli|rekor-cli|ably auth|Update-AdfsCertificate|ALTER USER) `)
	prose := regexp.MustCompile(` (ends|end|and|or|of|in|the|which|then|refuses|else|for|shows|where|if)( |$)`)
	commands := 0
	for _, issuer := range triage.IssuerTable() {
		got := commandsIn(issuer.Revocation)
		commands += len(got)
		if want := len(begins.FindAllString(issuer.Revocation, -1)); len(got) != want {
			t.Errorf("%s: %d commands, want %d: %q", issuer.ID, len(got), want, got)
		}
		for _, command := range got {
			if prose.MatchString(command) || strings.ContainsAny(command, "();,") {
				t.Errorf("%s: more than a command: %q", issuer.ID, command)
			}
		}
	}
	if commands < 20 {
		t.Errorf("%d commands in the table of issuers", commands)
	}
}
