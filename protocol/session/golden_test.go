package session_test

import (
	"crypto/sha256"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/scenario"
)

var update = flag.Bool("update", false, "write testdata/frames.txt anew, natively")

// frames.txt has a line for each scenario: its ID, the number of frames and
// SHA-256 of them as JSON, without what TLS makes anew. The same file holds
// natively and in wasm.
//
//go:embed testdata/frames.txt
var golden string

func TestFramesAreTheSameEverywhere(t *testing.T) {
	var got strings.Builder
	for _, sc := range scenario.All {
		frames := run(t, sc.Setup(), sc.Inputs...).Frames()
		fmt.Fprintf(&got, "%s %d %x\n", sc.ID, len(frames), sha256.Sum256([]byte(withoutTLS(t, frames))))
	}
	if *update {
		if err := os.WriteFile("testdata/frames.txt", []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got.String() != golden {
		t.Errorf("frames changed; if they should, run go test -update ./protocol/session:\n%s\nwant\n%s", got.String(), golden)
	}
}
