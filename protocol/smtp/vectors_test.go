package smtp

import (
	"embed"
	"encoding/json"
	"testing"
)

//go:embed testdata/*.json
var vectorFiles embed.FS

// A vector is one row of testdata/*.json.
type vector struct {
	ID     string
	Source string
	In     struct {
		XtextIn     string `json:"xtext"`
		DecodedUTF8 string `json:"decoded_utf8"`
		Wire        string
		Body        string
		State       string
		Line        string
	}
	Out struct {
		Xtext string
		Wire  string
		Code  int
		Lines []string
		Codes []int
	}
	Expect     string // "": in gives out
	Note       string
	Strictness string
}

// vectors reads one file and fails when it does not hold want rows.
func vectors(t testing.TB, group string, want int) []vector {
	t.Helper()
	octets, err := vectorFiles.ReadFile("testdata/" + group + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []vector
	if err := json.Unmarshal(octets, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != want {
		t.Fatalf("%s: %d vectors, want %d", group, len(rows), want)
	}
	return rows
}

// ruleOf returns the id in an error of this package, "" for nil.
func ruleOf(t testing.TB, err error) string {
	t.Helper()
	switch e := err.(type) {
	case nil:
		return ""
	case *SyntaxError:
		return e.Rule
	case *ReplyError:
		return e.Rule
	}
	t.Fatalf("an error of another type: %T %v", err, err)
	return ""
}
