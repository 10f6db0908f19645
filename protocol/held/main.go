package held

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"testing"
)

// Update says that kept lists are to be written anew.
var Update = flag.Bool("update", false, "write which tests hold which rules")

// List is where a package keeps the list of its rules that events carried.
const List = "testdata/held.tsv"

// Main runs the tests of a package, whose texts files hold beside the List, and
// then compares what was noted with the List. Where flags left tests out there
// is nothing to compare, nor to write.
func Main(m *testing.M, files fs.FS) {
	code, err := m.Run(), error(nil)
	switch {
	case code == 0 && whole():
		err = settle(files, notes)
	case *Update:
		err = errors.New(List + " is not written: not all tests ran and passed")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// whole reports whether all tests ran.
func whole() bool {
	for _, name := range []string{"run", "skip", "list", "fuzz", "fuzzworker"} {
		if f := flag.Lookup("test." + name); f.Value.String() != f.DefValue {
			return false
		}
	}
	return true
}

// settle compares the rules of notes with the List, or writes it.
func settle(files fs.FS, notes map[note]bool) error {
	texts, err := Texts(files)
	if err != nil {
		return err
	}
	kept, err := fs.ReadFile(files, List)
	if err != nil {
		return err
	}
	is := list(notes, texts)
	switch lines := differences(string(kept), is); {
	case len(lines) == 0:
		return nil
	case *Update:
		return os.WriteFile(List, []byte(is), 0o644)
	default:
		return fmt.Errorf("--- FAIL: %s is not what events carried (-update writes it):\n%q", List, lines)
	}
}
