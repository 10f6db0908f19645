package view

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/session"
)

// A tracked is a value with its track, by the name it has in these tests:
// "entry 10: tim", "card digest", "card digest < challenge".
type tracked struct {
	name  string
	track Track
}

// all is everything with a track that is shown at a step.
func (s *Story) all(at int) (values []tracked) {
	add := func(name string, t Track) { values = append(values, tracked{name, t}) }
	for i := range s.Entries[:at+1] {
		e := &s.Entries[i]
		if len(e.Spoken) > 0 {
			add(fmt.Sprintf("entry %d", i), e.Spelled)
		}
		for _, one := range e.Spoken {
			add(fmt.Sprintf("entry %d: %s", i, join(one.Runs)), one.Track)
		}
	}
	name := func(ids ...ID) string {
		return strings.ReplaceAll(fmt.Sprint(ids), "label.", "")
	}
	for _, c := range s.Cards(at) {
		var labels []ID
		if l, ok := c.Title.Args[1].([]ID); ok {
			labels = l
		}
		card := "card " + string(c.Op) + " " + name(labels...)
		add(card, c.Track)
		for _, o := range c.From {
			if o.Name.Label != "" {
				add(card+" < "+name(o.Name.Label), o.Track)
			}
		}
	}
	return values
}

// follow gives what lights up when a value is pointed at.
func follow(t *testing.T, s *Story, at int, pointed string) (from, to []string) {
	t.Helper()
	all := s.all(at)
	i := slices.IndexFunc(all, func(v tracked) bool { return v.name == pointed })
	if i < 0 {
		var names []string
		for _, v := range all {
			names = append(names, v.name)
		}
		t.Fatalf("nothing is called %q, but\n%s", pointed, strings.Join(names, "\n"))
	}
	for j, v := range all {
		if a, b := all[i].track.Relate(v.track); i != j && a {
			from = append(from, v.name)
		} else if i != j && b {
			to = append(to, v.name)
		}
	}
	return from, to
}

func TestTracks(t *testing.T) {
	tests := []struct {
		id       string
		at       int
		pointed  string
		from, to []string // some of them
		not      string   // lights up in no way
	}{
		{"cram-md5", 10, "card hmac [digest]",
			[]string{"card hmac [digest] < [password-prepared]", "card hmac [digest] < [challenge]", "card unbase64 [challenge]", "entry 9: <1896.697170952@postoffice.reston.mci.net>"},
			[]string{"card hex [digest-hex] < [digest]", "card hex [digest-hex]"}, "entry 10: tim"},
		{"cram-md5", 10, "card hex [digest-hex]", []string{"card hmac [digest]"},
			[]string{"card concat [response] < [digest-hex]", "entry 10: b913a602c7eda7a495b4e6e7334d3890"}, "entry 10: tim"},
		{"cram-md5", 10, "card unbase64 [challenge] < [challenge-base64]", []string{"entry 9"}, []string{"card unbase64 [challenge]"}, "entry 10"},
		{"cram-md5", 10, "entry 10: b913a602c7eda7a495b4e6e7334d3890", []string{"card hex [digest-hex]", "card concat [response]"}, nil, "entry 9"},
		{"cram-md5", 10, "entry 10", []string{"card base64 [response-base64]"}, nil, "entry 9"},
		{"cram-md5", 10, "entry 9: <1896.697170952@postoffice.reston.mci.net>", nil,
			[]string{"card hmac [digest] < [challenge]", "card hmac [digest]"}, "entry 10: tim"},
		{"cram-md5", 9, "card base64 [challenge-base64]", []string{"card base64 [challenge-base64] < [challenge]"}, []string{"entry 9"}, ""},
		// The server goes on with what it has said and heard.
		{"cram-md5", 11, "card hmac [digest] < [challenge]", []string{"entry 9: <1896.697170952@postoffice.reston.mci.net>"}, []string{"card hmac [digest]"}, "entry 10: tim"},
		{"cram-md5", 11, "card compare [digest-check] < [sent-digest]", []string{"entry 10: b913a602c7eda7a495b4e6e7334d3890", "card cut [authcid sent-digest]"},
			[]string{"card compare [digest-check]"}, "entry 10: tim"},
		{"cram-md5", 11, "entry 10: tim", nil, []string{"card cut [authcid sent-digest]"}, "card compare [digest-check] < [sent-digest]"},
		{"plain-initial", 8, "entry 8: tanstaaftanstaaf", []string{"card concat [message]"}, nil, ""},
		{"plain-initial", 9, "card pbkdf2 [computed-verifier] < [passwd-prepared]", nil, []string{"card pbkdf2 [computed-verifier]"}, "entry 8: tim"},
		{"login-clear", 7, "entry 7: tanstaaftanstaaf", []string{"card base64 [response-base64] < [passwd]"}, nil, "entry 5: tim"},
		{"login-clear", 8, "card compare [password-check]", []string{"entry 7: tanstaaftanstaaf"}, nil, "entry 5: tim"},
	}
	for _, tt := range tests {
		frames, _ := ranFrames(t, tt.id)
		s := Tell(frames)
		from, to := follow(t, s, tt.at, tt.pointed)
		for _, want := range tt.from {
			if !slices.Contains(from, want) {
				t.Errorf("%s, step %d: %s comes from %q, not from %s", tt.id, tt.at, tt.pointed, from, want)
			}
		}
		for _, want := range tt.to {
			if !slices.Contains(to, want) {
				t.Errorf("%s, step %d: %s goes to %q, not to %s", tt.id, tt.at, tt.pointed, to, want)
			}
		}
		if slices.Contains(from, tt.not) || slices.Contains(to, tt.not) {
			t.Errorf("%s, step %d: %s lights %s up", tt.id, tt.at, tt.pointed, tt.not)
		}
	}
}

// What is cut by origin is what was said, and tracks come back from their
// attributes.
func TestTracksAreWritten(t *testing.T) {
	written := 0
	for _, id := range []string{"cram-md5", "plain", "login-clear", "relay", "stripped"} {
		frames, _ := ranFrames(t, id)
		for _, from := range []Vantage{Both, OfClient, OfServer} {
			s := Tell(See(frames, from))
			for i, e := range s.Entries {
				var runs []Run
				for _, one := range e.Spoken {
					runs = append(runs, one.Runs...)
				}
				if join(runs) != join(e.Says) {
					t.Errorf("%s: entry %d says %q, in parts %q", id, i, join(e.Says), join(runs))
				}
				for _, v := range s.all(i) {
					if back := ParseTrack(v.track.String()); !reflect.DeepEqual(back.String(), v.track.String()) {
						t.Errorf("%s: %v comes back as %v", v.name, v.track, back)
					}
					if v.track.String() != "" {
						written++
					}
				}
			}
		}
	}
	if written == 0 {
		t.Error("nothing has a track")
	}
	for _, text := range []string{"", ";", "c.1.2.3;", "x", "c.1.2.3.x;s.1.1.1.1", "c.99999999999999999999.1.1.1"} {
		if got := ParseTrack(text); len(got.Is) > 0 {
			t.Errorf("ParseTrack(%q) = %v", text, got)
		}
	}
	if got := ParseTrack("s.3.0.4.14;c.1.2.3.4"); !reflect.DeepEqual(got, Track{[]Span{{session.Server, 3, 0, 4, 14}}, []Span{{session.Client, 1, 2, 3, 4}}}) {
		t.Errorf("ParseTrack reads %v", got)
	}
}
