package session_test

import (
	_ "embed"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/scenario"
)

var update = flag.Bool("update", false, "write testdata/frames.txt anew, natively")

// frames.txt has the frames of every scenario, without what TLS makes anew; of
// two that are equal then, once. The same file holds natively and in wasm, and
// however often a scenario is run.
//
//go:embed testdata/frames.txt
var golden string

func TestFramesAreTheSameEverywhere(t *testing.T) {
	var got strings.Builder
	before := map[string]string{}
	for _, sc := range scenario.All {
		first := run(t, sc.Setup(), sc.Inputs...)
		text := readable(withoutTLS(first.Frames()))
		again := run(t, first.Setup(), first.Inputs()...)
		if what := difference(readable(withoutTLS(again.Frames())), text); what != "" {
			t.Errorf("%s: the second run differs%s", sc.ID, what)
		}
		if as, ok := before[text]; ok {
			text = "as " + as + "\n"
		} else {
			before[text] = sc.ID
		}
		fmt.Fprintf(&got, "== %s\n%s", sc.ID, text)
	}
	if *update {
		if err := os.WriteFile("testdata/frames.txt", []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if what := difference(got.String(), golden); what != "" {
		t.Errorf("frames changed; if they should, run go test -update ./protocol/session:\n%s", what)
	}
}

// difference shows where the first line is that two texts of scenarios do not
// share, with what is before it; nothing where they are equal.
func difference(got, want string) string {
	if got == want {
		return ""
	}
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	at, of := 0, ""
	for at < min(len(a), len(b)) && a[at] == b[at] {
		if strings.HasPrefix(a[at], "== ") {
			of = a[at]
		}
		at++
	}
	from := max(0, at-4)
	return fmt.Sprintf("%s\nline %d:\n%s\nwant\n%s", of, at+1,
		strings.Join(a[from:min(at+4, len(a))], "\n"), strings.Join(b[from:min(at+4, len(b))], "\n"))
}

func TestDifference(t *testing.T) {
	const want = "== a\n1\n2\n== b\n3\n4\n"
	if what := difference(want, want); what != "" {
		t.Errorf("equal texts: %s", what)
	}
	for _, got := range []string{"== a\n1\n2\n== b\n3\n5\n", "== a\n1\n2\n== b\n3\n"} {
		if what := difference(got, want); !strings.HasPrefix(what, "== b\nline 6:\n") {
			t.Errorf("%q: %s", got, what)
		}
	}
}
