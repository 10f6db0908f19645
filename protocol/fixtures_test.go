package protocol_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
)

// A fixture stands once: who needs that of another package reads it there.
func TestFixturesStandOnce(t *testing.T) {
	first := map[string]string{} // name by content
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(name, "/testdata/") || strings.Contains(name, "/fuzz/") {
			return err
		}
		text, err := os.ReadFile(name)
		if other, found := first[string(text)]; found {
			t.Errorf("%s is %s again", name, other)
		}
		first[string(text)] = name
		return err
	})
	if err != nil || len(first) < 20 {
		t.Errorf("%d fixtures, %v", len(first), err)
	}
}
