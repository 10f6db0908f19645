//go:build !js

package view

import (
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/problem"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// What is said of somebody who hears a run, by what he has of the password.
var (
	heardWords = map[Holding][]string{
		Has: {"heard"}, Guess: {"guess"}, HasNot: {"none", "kept"},
	}
	sealedWords = []string{"keys", "keys.middle", "unsaid", "sealed", "sealed.token"}
	middleWords = map[Holding][]string{
		Has: {"middle.password", "middle.token"}, Guess: {"middle.guess"}, HasNot: {"middle.lines", "keys.middle"},
	}
	tapWords = map[Holding][]string{
		Has: {"has.password lacks.nothing"}, Guess: {"has.proof lacks.password"},
		HasNot: {"has.lines lacks.no-secret", "has.lines lacks.kept", "has.sizes lacks.keys", "has.sizes lacks.inside", "has.only-sizes lacks.keys", "has.only-sizes lacks.inside"},
	}
	gotWords = map[Holding][]string{Has: {"password"}, Guess: {"proof"}, HasNot: {"lines", "sizes", "middle"}}
)

// modes are the ways in which every run is looked at.
var modes = map[string]func(*session.Setup){
	"as it is":      func(*session.Setup) {},
	"in clear text": inClear,
	"in the middle": func(s *session.Setup) { scenario.SetProtection(s, client.StartTLS); intercept(s) },
	"TLS 1.2":       before13,
}

// Whatever is said of who has the password is so, at every step of every
// scenario and case study, with and without TLS, with somebody in the middle:
// "Who knows what" from everywhere, the eavesdropper's view, the marks in the
// conversation, and the ending are compared with what passed.
func TestWhatIsSaidIsSo(t *testing.T) {
	counts := map[string]int{}
	for mode, change := range modes {
		for _, r := range everything(t) {
			if r.inputs != nil && mode != "as it is" {
				continue // they come at steps of that run
			}
			frames, setup := r.run(t, change)
			isTrue(t, r.name+", "+mode, frames, setup, counts)
		}
	}
	for _, mech := range sasl.Mechanisms() {
		for mode, change := range modes {
			frames, setup := withMechanism(t, mech.Name, change)
			isTrue(t, mech.Name+", "+mode, frames, setup, counts)
		}
	}
	for _, said := range slices.Concat(heardWords[Has], heardWords[Guess], heardWords[HasNot], sealedWords,
		middleWords[Has], middleWords[Guess], middleWords[HasNot], tapWords[Has], tapWords[Guess], tapWords[HasNot]) {
		if counts[said] == 0 {
			t.Errorf("%q was never said: nothing tests it", said)
		}
	}
}

// isTrue checks one run.
func isTrue(t *testing.T, name string, frames []session.Frame, setup session.Setup, counts map[string]int) {
	t.Helper()
	s, w, guessed := Tell(frames), &wiretap{}, false
	sides := map[Vantage]*Story{Both: s, Listener: s, OfClient: s.From(OfClient), OfServer: s.From(OfServer)}
	password := setup.Client.User.Password.Text
	check := func(at int, what string, got string, want []string) {
		t.Helper()
		counts[got]++
		if !slices.Contains(want, got) {
			t.Errorf("%s, step %d: %s says %q, want one of %q", name, at+1, what, got, want)
		}
	}
	capture := s.Capture(len(frames) - 1)
	for at := range frames {
		w.follow(&frames[at])
		outside, middle := w.outside.has(password), w.middle.has(password)
		want := heardWords[outside]
		if w.tls && outside == HasNot {
			want = sealedWords
		}
		for from, story := range sides {
			verdict := story.Knows(at, from, setup.Server.Accounts).Verdict
			first := strings.TrimPrefix(verdict[0].ID, "ui.knows.")
			check(at, string(from)+"'s table", first, want)
			switch sent := w.ends.reads(password) || w.ends.reads("auth=Bearer "); {
			case strings.HasPrefix(first, "sealed") && !sent, first == "unsaid" && sent && from != OfServer:
				t.Errorf("%s, step %d: %s's table says %q, and the password was sent: %v", name, at+1, from, first, sent)
			}
			told := ""
			for _, one := range verdict {
				if strings.Contains(one.ID, "middle") {
					told = strings.TrimPrefix(one.ID, "ui.knows.")
				}
			}
			if w.intercepted && (from == Both || from == Listener) {
				check(at, string(from)+"'s table", told, middleWords[middle])
			} else if told != "" {
				t.Errorf("%s, step %d: %s's table says %q, and nobody is there who can be seen", name, at+1, from, told)
			}
		}
		c := s.Capture(at)
		check(at, "the eavesdropper's view", strings.TrimPrefix(c.Has.ID, "ui.tap.")+" "+strings.TrimPrefix(c.Lacks.ID, "ui.tap."), tapWords[outside])
		marked := slices.ContainsFunc(capture.Entries[at].Passed, func(p Passed) bool {
			return slices.ContainsFunc(p.Lines, func(l Overheard) bool { return l.Guess })
		})
		if first := outside == Guess && !guessed; marked != first {
			t.Errorf("%s, step %d: passwords can be tried from here on: %v, want %v", name, at+1, marked, first)
		}
		guessed = guessed || outside == Guess
		if e := s.Entries[at]; e.Exposed && outside != Has {
			t.Errorf("%s, step %d is marked as exposed", name, at+1)
		}
	}
	last := len(frames) - 1
	for from := range sides {
		e := s.Ending(from, setup)
		want := gotWords[w.outside.has(password)]
		if w.outside.has(password) == HasNot {
			want = []string{map[bool]string{true: "sizes", false: "lines"}[w.tls]}
			if w.intercepted && (from == Both || from == Listener) {
				want = []string{"middle"}
			}
		}
		check(last, string(from)+"'s ending", strings.TrimPrefix(e.Heard[0].ID, "ui.got."), want)
		isProved(t, name+", "+string(from), e.Proved, from, frames, w, password)
	}
	exposed := slices.ContainsFunc(s.Entries, func(e Entry) bool { return e.Exposed })
	if want := w.outside.reads(password); exposed != want && !w.outside.reads("auth=Bearer ") {
		t.Errorf("%s: the conversation marks the password as exposed: %v, want %v", name, exposed, want)
	}
}

// isProved checks what an ending says was proved, and to whom.
func isProved(t *testing.T, name string, proved []Words, from Vantage, frames []session.Frame, w *wiretap, password string) {
	t.Helper()
	any := func(is func(*session.Frame) bool) bool { return Tell(frames).any(is) }
	verified := any(func(f *session.Frame) bool { return f.TLS != nil && f.TLS.Verified })
	accepted := any(func(f *session.Frame) bool { return f.ServerState.Authcid != "" })
	checks := map[session.Side]bool{}
	for i := range frames {
		if v := check(&frames[i]); v != nil {
			checks[frames[i].Side] = v.holds
		}
	}
	so := map[string]bool{ // what has to be so where it is said
		"told":   accepted && w.ends.reads(password), // RFC 4616 §2
		"unsaid": accepted && !w.ends.reads(password),
		"token":  accepted && w.ends.reads("auth=Bearer "), // RFC 7628 §3.1
		"ticket": accepted, "certificate": accepted, "anonymous": accepted,
		"refused": !accepted && w.ends.reads("535 "), "checked": !accepted && checks[session.Server],
		"nobody": !accepted && !(checks[session.Server] && from != OfClient),
		"server": checks[session.Client], "service": checks[session.Client], "impostor": !checks[session.Client],
		"host": verified, "no-host": !w.tls, "middle": from == Both && w.intercepted && verified,
	}
	refused := any(func(f *session.Frame) bool { return code(f) >= 400 })
	ran := func(is func(string) bool) bool {
		return any(func(f *session.Frame) bool { return is(f.ClientState.Mechanism) || is(f.ServerState.Mechanism) })
	}
	only := map[problem.Kind]bool{ // of some kinds only what these mechanisms show can be refused
		problem.Token:       w.ends.reads("auth=Bearer "),
		problem.Binding:     ran(func(name string) bool { return strings.HasSuffix(name, "-PLUS") }),
		problem.Ticket:      ran(func(name string) bool { return name == "GSSAPI" }),
		problem.Certificate: ran(func(name string) bool { return name == "EXTERNAL" }),
		problem.TooWeak:     ran(func(name string) bool { return name == "NTLM" }),
	}
	for _, kind := range judged {
		if of, some := only[kind]; kind != problem.Credentials {
			so["refused."+string(kind)] = !accepted && refused && (of || !some)
		}
	}
	said := map[string]bool{}
	for _, one := range proved {
		id := strings.TrimPrefix(one.ID, "ui.proved.")
		said[id] = true
		if holds, known := so[id]; !known || !holds {
			t.Errorf("%s: the ending says %q, which is not so", name, id)
		}
	}
	for id, must := range map[string]bool{ // what has to be said where it is so
		"host": from != OfServer && verified, "middle": so["middle"], "no-host": from != OfServer && !w.tls,
	} {
		if must && from != Listener && !said[id] {
			t.Errorf("%s: the ending does not say %q", name, id)
		}
	}
	if both := said["server"] || said["service"]; both != (checks[session.Client] && from != OfServer && from != Listener) {
		t.Errorf("%s: the server has proved itself: %v", name, both)
	}
}

// The table that compares the mechanisms says what a listener got of each when
// it ran without TLS, what the mechanism declares, and what the oracle knows.
func TestComparedWithRuns(t *testing.T) {
	gains := map[Holding]sasl.Gain{Has: sasl.GainsPassword, Guess: sasl.GainsGuesses, HasNot: sasl.GainsNothing}
	for _, mech := range sasl.Mechanisms() {
		frames, setup := withMechanism(t, mech.Name, inClear)
		w := &wiretap{}
		for i := range frames {
			w.follow(&frames[i])
		}
		loggedIn := frames[len(frames)-1].ServerState.Authcid != ""
		listener := compared(mech, "").Cells[slices.Index(ComparedBy, "ui.compare.listener")]
		want := ID("gain." + string(gains[w.outside.has(setup.Client.User.Password.Text)]))
		if mech.Keyed && want == "gain.nothing" { // on this line; RFC 4120 §10 says what passes at the KDC
			want = "gain.kdc"
		}
		if got := listener == "gain.binding"; got == loggedIn {
			t.Errorf("%s: only inside TLS: %v, and logged in without: %v", mech.Name, got, loggedIn)
		} else if !got && listener != want {
			t.Errorf("%s: a listener gets %s by the table, %s by what passed", mech.Name, listener, want)
		}
		if declared, known := len(mech.Guess()) > 0, slices.ContainsFunc(offline, func(row struct {
			mechanism, section string
			messages           [][]string
		}) bool {
			return strings.HasPrefix(mech.Name, row.mechanism)
		}); declared != known || known != (mech.Facts.Listener == sasl.GainsGuesses) {
			t.Errorf("%s: to try passwords on, by itself %q, by its facts %s, by the RFC %v", mech.Name, mech.Guess(), mech.Facts.Listener, known)
		}
		crossing := sasl.CrossesNothing
		frames, setup = withMechanism(t, mech.Name)
		w = &wiretap{}
		for i := range frames {
			w.follow(&frames[i])
		}
		switch {
		case w.ends.reads("auth=Bearer "):
			crossing = sasl.CrossesToken
		case w.ends.reads(setup.Client.User.Password.Text):
			crossing = sasl.CrossesPassword
		case mech.ByPassword():
			crossing = sasl.CrossesProof
		}
		if crossing != mech.Facts.Crosses {
			t.Errorf("%s: %s crosses the wire, by its facts %s", mech.Name, crossing, mech.Facts.Crosses)
		}
	}
}

// What is said of a thief of the store is what its kind holds, and what the
// mechanism that logs in with it declares.
func TestWhatAThiefHas(t *testing.T) {
	said := map[sasl.Stored]string{
		sasl.Clear: "store.clear", sasl.Hashed: "store.hashed", sasl.StoredSRP: "store.hashed", sasl.StoredDigest: "store.equivalent", sasl.StoredNT: "store.equivalent",
		sasl.StoredSCRAM1: "store.keys", sasl.StoredSCRAM256: "store.keys", sasl.StoredSCRAM512: "store.keys",
	}
	for _, stored := range sasl.StoredKinds {
		logs := 0
		for _, mech := range sasl.Mechanisms() {
			if !mech.ByPassword() {
				continue
			}
			frames, setup := withMechanism(t, mech.Name, func(s *session.Setup) { scenario.SetStored(s, stored) })
			s, last := Tell(frames), len(frames)-1
			if frames[last].ServerState.Authcid == "" {
				continue // not to be checked against what is kept
			}
			logs++
			k := s.Knows(last, Both, setup.Server.Accounts)
			thief := k.Verdict[len(k.Verdict)-1]
			if got := strings.TrimPrefix(thief.ID, "ui.knows."); got != said[stored] {
				t.Errorf("%s, %s kept: %s", mech.Name, stored, got)
			}
			if thief.ID == "ui.knows.store.equivalent" {
				if m, _ := sasl.Lookup(thief.Args[1].(string)); m.Facts.Thief != sasl.GainsEquivalent {
					t.Errorf("%s, %s kept: as good as the password with %s, by its facts %s", mech.Name, stored, m.Name, m.Facts.Thief)
				}
			}
			for _, row := range k.Rows {
				if row.Name != "label.password" && row.Name != "label.passwd" {
					continue
				}
				want := Guess
				if stored == sasl.Clear {
					want = Has
				}
				if got := row.Cells[slices.Index(k.Knowers, "ui.knower.store")].Holding; got != want || len(stored.Guess()) > 0 != (want == Guess) {
					t.Errorf("%s, %s kept: a thief %s, want %s; tried on %q", mech.Name, stored, got, want, stored.Guess())
				}
			}
		}
		if logs == 0 {
			t.Errorf("nobody logs in with %s", stored)
		}
	}
}
