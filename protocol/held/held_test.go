package held

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// tests are those of a package: two in one file, two dialogues in another.
var tests = fstest.MapFS{
	"a_test.go": {Data: []byte(`package a

// AUTH-01 stands in a table.
var table = 1

// AUTH-02: one.
func TestOne(t *testing.T) { helper() }

func TestTwo(t *testing.T) { "AUTH-03" }

// AUTH-04 is nobody's: what follows the last test belongs to it.
func helper() {}
`)},
	"testdata/x.txt": {Data: []byte("# AUTH-05: a\n# AUTH-06\nC: x\n\n\n# AUTH-07: b\nS: x\n")},
}

func TestTexts(t *testing.T) {
	texts, err := Texts(tests)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"TestOne": "AUTH-01 AUTH-02", "TestTwo": "AUTH-03 AUTH-04", "x.txt:1": "AUTH-05 AUTH-06", "x.txt:6": "AUTH-07",
	} {
		if got := strings.Join(Rules(texts[name]), " "); got != want {
			t.Errorf("%s names %s, want %s", name, got, want)
		}
	}
	if len(texts) != 4 {
		t.Errorf("%q", texts)
	}
}

// A rule counts where it was carried and is named, for the side that it was;
// whatever of that ends is a difference.
func TestSettle(t *testing.T) {
	all := map[note]bool{
		{"TestOne", Server, "AUTH-02"}: true, {"TestOne", Client, "AUTH-02"}: true, {"TestTwo", Server, "AUTH-02"}: true, // which does not name it
		{"x.txt:1", Server, "AUTH-06"}: true, {"x.txt:6", Server, "AUTH-06"}: true, {"x.txt:6", Server, "AUTH-07"}: true,
	}
	tests[List] = &fstest.MapFile{Data: []byte("AUTH-02\tclient\tTestOne\nAUTH-02\tserver\tTestOne\nAUTH-06\tserver\tx.txt\nAUTH-07\tserver\tx.txt\n")}
	if err := settle(tests, all); err != nil {
		t.Error(err)
	}
	delete(all, note{"x.txt:6", Server, "AUTH-07"})
	if err := settle(tests, all); err == nil || !strings.Contains(err.Error(), `-AUTH-07\tserver\tx.txt`) || strings.Contains(err.Error(), "AUTH-06") {
		t.Errorf("AUTH-07 is no longer carried: %v", err)
	}
	if err := settle(tests, nil); err == nil {
		t.Error("nothing is carried, and nothing differs")
	}
}

// A subtest counts for its test, a dialogue for itself.
func TestNote(t *testing.T) {
	t.Run("inner", func(t *testing.T) { Note(t, Server, "AUTH-01", "") })
	t.Run("x.txt:6", func(t *testing.T) { Note(t, Client, "AUTH-07") })
	if want := (map[note]bool{{"TestNote", Server, "AUTH-01"}: true, {"x.txt:6", Client, "AUTH-07"}: true}); !maps.Equal(notes, want) {
		t.Errorf("%v, want %v", notes, want)
	}
}

func TestDifferences(t *testing.T) {
	if got, want := differences("a\nb\n", "b\nc\n"), []string{"-a", "+c"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
