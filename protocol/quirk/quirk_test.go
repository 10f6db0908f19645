package quirk

import (
	"slices"
	"testing"
)

// A name stands once, with its side, its rule and its place.
func TestKnown(t *testing.T) {
	for i, q := range Known {
		if q.Name == "" || q.Rule == "" || q.Place == "" || q.Side != Server && q.Side != Client {
			t.Errorf("%+v is not whole", q)
		}
		if slices.Index(Names, q.Name) != i {
			t.Errorf("%s stands twice", q.Name)
		}
		if found, known := Lookup(q.Name); !known || found != q {
			t.Errorf("Lookup(%s) = %v, %v", q.Name, found, known)
		}
	}
	if _, known := Lookup("no-such-quirk"); known {
		t.Error("a name that is none is known")
	}
	if s := (Set{BareLF}); !s.Has(BareLF) || s.Has(StarIsData) {
		t.Error("Has does not tell what is in a set")
	}
}
