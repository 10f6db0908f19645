package sasl

import (
	"cmp"
	"slices"
	"testing"
)

// safer compares two mechanisms by their facts, the one to prefer first
// (AUTH-38): TLS itself is the proof; the proof is bound to TLS; the server
// proves itself; what crosses; how the mechanism is thought of.
func safer(a, b Mechanism) int {
	rank := func(m Mechanism) []int {
		crosses := slices.Index([]Crossing{CrossesProof, CrossesToken, CrossesPassword, CrossesNothing}, m.Facts.Crosses)
		if m.Facts.Mutual && m.Facts.Crosses == CrossesNothing { // the secret proves itself to a third one: as good as a proof
			crosses = 0
		}
		return []int{no(m.Facts.Bound && m.Facts.Crosses == CrossesNothing), no(m.Facts.Bound), no(m.Facts.Mutual), crosses, slices.Index(Vocabulary().Statuses, m.Facts.Status)}
	}
	return slices.Compare(rank(a), rank(b))
}

func no(is bool) int {
	if is {
		return 0
	}
	return 1
}

// AUTH-38: the order of preference is the one that the facts give, so a
// mechanism cannot be put before a safer one, nor what is to be used today
// behind what is not, where they do the same.
func TestPreferenceIsTheSafeOne(t *testing.T) {
	for i, m := range Mechanisms()[1:] {
		if before := Mechanisms()[i]; safer(before, m) > 0 {
			t.Errorf("%s comes before %s", before.Name, m.Name)
		}
	}
	if last := Mechanisms()[len(Mechanisms())-1]; last.Name != "ANONYMOUS" {
		t.Errorf("%s is the last resort", last.Name)
	}
}

// WithStatus has every mechanism once, the preferred one first.
func TestWithStatus(t *testing.T) {
	var all []string
	for _, s := range Vocabulary().Statuses {
		group := WithStatus(s)
		if len(group) == 0 {
			t.Errorf("nothing is %s", s)
		}
		if !slices.IsSortedFunc(group, func(a, b Mechanism) int { return cmp.Compare(place(a), place(b)) }) {
			t.Errorf("%s is not in the order of preference", s)
		}
		for _, m := range group {
			if m.Facts.Status != s {
				t.Errorf("%s is %s", m.Name, m.Facts.Status)
			}
			all = append(all, m.Name)
		}
	}
	slices.Sort(all)
	if once := slices.Compact(slices.Clone(all)); len(once) != len(Mechanisms()) || len(all) != len(once) {
		t.Errorf("%q", all)
	}
}

func place(m Mechanism) int {
	return slices.IndexFunc(Mechanisms(), func(o Mechanism) bool { return o.Name == m.Name })
}
