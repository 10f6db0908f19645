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
		if slices.IndexFunc(Known, func(o Quirk) bool { return o.Name == q.Name }) != i {
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

// What a machine is asked for is noted once it acts, once each; nobody asks a
// nil Record for anything.
func TestRecord(t *testing.T) {
	r := &Record{Asked: Set{BareLF, StarIsData}}
	if !r.Asks(BareLF) || r.Take() != nil {
		t.Error("asking notes")
	}
	if !r.Does(StarIsData) || !r.Does(BareLF) || !r.Does(StarIsData) || r.Does(AuthTwice) {
		t.Error("Does does not tell what was asked for")
	}
	if acted := r.Take(); !slices.Equal(acted, Set{StarIsData, BareLF}) || r.Take() != nil {
		t.Errorf("acted: %v", acted)
	}
	if (*Record)(nil).Does(BareLF) {
		t.Error("a nil Record does something")
	}
	if w := r.Asked.Without(BareLF); !slices.Equal(w, Set{StarIsData}) || len(r.Asked) != 2 {
		t.Errorf("without: %v", w)
	}
}

// What is free is known, and not all is.
func TestFree(t *testing.T) {
	for i, n := range free {
		_, known := Lookup(n)
		if slices.Index(free, n) != i || !known && n != OtherPrompt || !n.Free() {
			t.Errorf("%s is not known, or stands twice", n)
		}
	}
	if StarIsData.Free() || OtherCode.Free() {
		t.Error("a departure is free")
	}
}
