//go:build !js

package programs_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/programs"
	"example.org/smtpauth/web/view"
)

func resolved(t *testing.T) (*dialect.All, *programs.Programs) {
	t.Helper()
	all, err := data.All()
	if err != nil {
		t.Fatal(err)
	}
	p, err := programs.Of(all)
	if err != nil {
		t.Fatal(err)
	}
	return all, p
}

// whole is what the page makes of parts: a set-up.
func whole(t *testing.T, p *programs.Programs, parts programs.Parts) session.Setup {
	t.Helper()
	merged := maps.Clone(p.Opening)
	maps.Copy(merged, parts)
	text, err := json.Marshal(merged)
	if err != nil {
		t.Fatal(err)
	}
	setup, _, err := session.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return setup
}

// same compares set-ups by their JSON form.
func same(t *testing.T, name string, got, want session.Setup) {
	t.Helper()
	a, err := session.Write(got, nil)
	b, wrong := session.Write(want, nil)
	if err != nil || wrong != nil || !bytes.Equal(a, b) {
		t.Errorf("%s: %v %v\n%s\n%s", name, err, wrong, a, b)
	}
}

func opening() session.Setup {
	sc, _ := scenario.ByID(scenario.Default)
	return sc.Setup()
}

// A side that imitates what was resolved is in the dialect, but for the account,
// which stays the visitor's.
func TestImitate(t *testing.T) {
	all, p := resolved(t)
	if len(p.Servers) != len(all.Servers) || len(p.Clients) != len(all.Clients) {
		t.Errorf("%d servers, %d clients", len(p.Servers), len(p.Clients))
	}
	each(p.Servers, func(name string, parts programs.Parts) {
		got, want := opening(), opening()
		view.Imitate(&got, session.Server, whole(t, p, parts))
		if err := scenario.ActServer(&want, all, name); err != nil {
			t.Fatal(err)
		}
		user := opening()
		want.Client.User, want.Client.Mail = user.Client.User, user.Client.Mail
		want.Server.Accounts[0].Name = user.Server.Accounts[0].Name
		same(t, name, got, want)
		if got.Server.Dialect != name {
			t.Errorf("%s is called %s", name, got.Server.Dialect)
		}
	})
	each(p.Clients, func(name string, parts programs.Parts) {
		got, want := opening(), opening()
		view.Imitate(&got, session.Client, whole(t, p, parts))
		if err := scenario.ActClient(&want, all, name); err != nil {
			t.Fatal(err)
		}
		same(t, name, got, want)
	})
}

// each calls f for each program and its variants.
func each(list []programs.Program, f func(name string, parts programs.Parts)) {
	for _, one := range list {
		f(one.ID, one.Setup)
		for _, v := range one.Variants {
			f(one.ID+"/"+v.Name, v.Setup)
		}
	}
}

// What was imitated is taken back by the scenario's own set-up, and nothing of
// it stays.
func TestTakenBack(t *testing.T) {
	_, p := resolved(t)
	each(p.Servers, func(name string, parts programs.Parts) {
		got := opening()
		view.Imitate(&got, session.Server, whole(t, p, parts))
		view.Imitate(&got, session.Server, opening())
		got.Client.TLS = opening().Client.TLS // implicit TLS is the client's to leave
		same(t, name, got, opening())
	})
	each(p.Clients, func(name string, parts programs.Parts) {
		got := opening()
		view.Imitate(&got, session.Client, whole(t, p, parts))
		view.Imitate(&got, session.Client, opening())
		same(t, name, got, opening())
	})
}

// A pair of two that were resolved is the pair that the matrix ran.
func TestPairs(t *testing.T) {
	all, p := resolved(t)
	for _, s := range p.Servers {
		for _, c := range p.Clients {
			got := whole(t, p, s.Setup)
			view.Imitate(&got, session.Client, whole(t, p, c.Setup))
			want, err := scenario.Pair(all, s.ID, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			same(t, s.ID+" and "+c.ID, got, want)
		}
	}
}

// A meeting has all its acts, each at its line, and words in every language.
func TestMeetings(t *testing.T) {
	all, p := resolved(t)
	if len(p.Meetings) != len(all.Meetings) {
		t.Errorf("%d meetings", len(p.Meetings))
	}
	for i, m := range p.Meetings {
		for j, a := range m.Acts {
			name := m.ID + "/" + a.ID
			want, err := scenario.Meet(all, all.Meetings[i], j)
			if err != nil {
				t.Fatal(err)
			}
			got := whole(t, p, a.Setup)
			same(t, name, got, want)
			s, err := session.New(got)
			if err != nil {
				t.Fatal(err)
			}
			s.Run()
			s.Close()
			act := all.Meetings[i].Acts[j]
			if at := scenario.Point(s.Frames(), act); at != a.At || got.Meeting != name || a.Server == "" || a.Client == "" {
				t.Errorf("%s: at %d, not %d: %+v", name, a.At, at, a)
			}
		}
		for _, lang := range i18n.Languages {
			ids := []string{".title", ".story"}
			for _, a := range m.Acts {
				ids = append(ids, "."+a.ID)
			}
			for _, id := range ids {
				if text := i18n.LoadAll(lang); !text.Has("meeting." + m.ID + id) {
					t.Errorf("%s lacks meeting.%s%s", lang, m.ID, id)
				}
			}
		}
	}
}

// AUTH-10, AUTH-19, AUTH-22: those that depart in the same way are found.
func TestAlike(t *testing.T) {
	all, _ := resolved(t)
	alike, err := programs.Alike(all)
	if err != nil {
		t.Fatal(err)
	}
	for key, who := range map[string]string{
		"star-is-data": "opensmtpd", "stray-star": "go-net-smtp", "other-prompt": "mox-v0.0.11",
		"other-code base64-initial 535": "postfix-cyrus", "hangs-up": "haraka",
	} {
		ids := []string{}
		for _, p := range alike[key] {
			ids = append(ids, p.ID)
		}
		if !strings.Contains(" "+strings.Join(ids, " ")+" ", " "+who+" ") {
			t.Errorf("%s: %v, not %s", key, ids, who)
		}
	}
	for key, list := range alike {
		for i, p := range list {
			for _, other := range list[i+1:] {
				if reflect.DeepEqual(p, other) {
					t.Errorf("%s: %s stands twice", key, p.ID)
				}
			}
		}
	}
}
