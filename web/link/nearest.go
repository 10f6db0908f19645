package link

import (
	"encoding/json"
	"fmt"
	"maps"
	"sync"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// Values are the values of a set-up with inputs, by their paths in its JSON form:
// ".Client.user.authcid" and so on.
type Values map[string]string

// ValuesOf are those of a set-up; nothing and an empty list are the same.
func ValuesOf(setup session.Setup, inputs []session.Input) Values {
	all := Values{}
	data, err := json.Marshal(struct {
		session.Setup
		Inputs []session.Input `json:"inputs"`
	}{setup, inputs})
	var tree any
	if err == nil && json.Unmarshal(data, &tree) == nil {
		all.add("", tree)
	}
	return all
}

func (l Values) add(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			l.add(path+"."+name, inner)
		}
	case []any:
		for i, inner := range v {
			l.add(fmt.Sprintf("%s.%d", path, i), inner)
		}
	case nil: // as good as an empty list
	default:
		l[path] = fmt.Sprint(v)
	}
}

// apart is in how many values two differ.
func (l Values) apart(other Values) int {
	n := 0
	for path, v := range l {
		if w, has := other[path]; !has || v != w {
			n++
		}
	}
	for path := range other {
		if _, has := l[path]; !has {
			n++
		}
	}
	return n
}

var scenarioValues = sync.OnceValue(func() map[string]Values {
	all := map[string]Values{}
	for _, s := range scenario.All {
		all[s.ID] = ValuesOf(s.Setup(), Begun(s.Inputs))
	}
	return all
})

// sameAs finds the scenario that a set-up with inputs is, if it is one.
func sameAs(setup session.Setup, inputs []session.Input) (id string, known bool) {
	l, all := ValuesOf(setup, inputs), scenarioValues()
	for _, s := range scenario.All {
		if maps.Equal(l, all[s.ID]) {
			return s.ID, true
		}
	}
	return "", false
}

// nearest is the scenario from which a set-up differs in the fewest values; it
// lends it its title.
func nearest(setup session.Setup, inputs []session.Input) string {
	l, all := ValuesOf(setup, inputs), scenarioValues()
	best, least := scenario.Default, len(l)*2
	for _, s := range scenario.All {
		if n := l.apart(all[s.ID]); n < least {
			best, least = s.ID, n
		}
	}
	return best
}
