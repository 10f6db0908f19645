//go:build !js

package lab

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

func inClear(s *session.Setup) { scenario.SetProtection(s, client.NoTLS) }

func TestViews(t *testing.T) {
	golden(t, "views", &views{Text: i18n.Load("en"), From: view.OfServer})
}

// What a listener has, in clear and, made up because TLS makes it anew, sealed.
func TestCapture(t *testing.T) {
	en := i18n.Load("en")
	plain := story(t, "login-clear").Capture(7)
	golden(t, "capture-clear", &conversation{Text: en, From: view.Listener, Capture: &plain, Swap: "ui.tap.tls"})
	guess := story(t, scenario.Default, inClear).Capture(5)
	guess.Entries = guess.Entries[4:]
	golden(t, "capture-guess", &conversation{Text: i18n.Load("ru"), From: view.Listener, Capture: &guess, Swap: "ui.tap.back"})
	sealed := view.Capture{
		Has:   view.Words{ID: "ui.tap.has.sizes", Args: []any{"lines", 10, "records", 2}},
		Lacks: view.Words{ID: "ui.tap.lacks.inside"},
		Entries: []view.Captured{
			{Index: 0, Passed: []view.Passed{
				{From: session.Client, Octets: make([]byte, 517), Records: []view.Seen{{From: session.Client, Type: "handshake", Length: 517, Width: 6, Inside: []string{"client_hello"}}}},
				{From: session.Server, Octets: make([]byte, 58), Records: []view.Seen{{From: session.Server, Type: "application_data", Length: 58, Width: 3, Sealed: true}}},
			}},
			{Index: 1},
		},
	}
	golden(t, "capture-sealed", &conversation{Text: en, From: view.Listener, Capture: &sealed, Swap: "ui.tap.clear"})
	middle := story(t, "scram-middle").Capture(3)
	middle.Entries = []view.Captured{{Index: 9, Passed: []view.Passed{
		{From: session.Client, Leg: "ui.leg.near.server", Octets: make([]byte, 58), Records: sealed.Entries[0].Passed[1].Records},
		{From: session.Client, Leg: "ui.leg.far.server", Octets: make([]byte, 58), Records: sealed.Entries[0].Passed[1].Records},
	}}}
	middle.More = story(t, "scram-middle").Capture(13).More
	golden(t, "capture-middle", &conversation{Text: en, From: view.Listener, Capture: &middle, Swap: "ui.tap.clear"})
	golden(t, "overheard-middle", &overheard{Text: en, Captured: middle.Entries[0]})
	golden(t, "overheard", &overheard{Text: en, Captured: sealed.Entries[0], Knowledge: story(t, scenario.Default).Knows(11, view.Listener, nil)})
	golden(t, "overheard-nothing", &overheard{Text: en, Captured: sealed.Entries[1]})
}

func TestOneSide(t *testing.T) {
	sc, _ := scenario.ByID("wrong-password")
	s, err := session.New(sc.Setup())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Run()
	seen := view.Tell(view.See(s.Frames(), view.OfClient))
	client, server := seen.Lanes(11)
	golden(t, "conversation-client", &conversation{Text: i18n.Load("en"), From: view.OfClient, Entries: seen.Entries[10:12], Client: client, Server: server})
}

func TestKnowledge(t *testing.T) {
	sc, _ := scenario.ByID(scenario.Default)
	k := story(t, scenario.Default, inClear).Knows(5, view.Both, sc.Setup().Server.Accounts)
	golden(t, "knowledge", &knowledge{Text: i18n.Load("en"), Knowledge: k})
	middle, _ := scenario.ByID("scram-middle")
	k = story(t, middle.ID).Knows(13, view.Both, middle.Setup().Server.Accounts)
	golden(t, "knowledge-middle", &knowledge{Text: i18n.Load("en"), Knowledge: k})
	golden(t, "knowledge-none", &knowledge{Text: i18n.Load("zh"), Knowledge: story(t, scenario.Default).Knows(0, view.Both, nil)})
}

func TestEnding(t *testing.T) {
	for name, id := range map[string]string{"ending": scenario.Default, "ending-refused": "unknown-user", "ending-middle": "scram-middle"} {
		sc, _ := scenario.ByID(id)
		golden(t, name, &ending{Text: i18n.Load("en"), Ending: story(t, id).Ending(view.Both, sc.Setup())})
	}
	sc, _ := scenario.ByID("login-clear")
	golden(t, "ending-listener", &ending{Text: i18n.Load("ru"), Ending: story(t, "login-clear").Ending(view.Listener, sc.Setup())})
}

// secretsOf are what no listener may have of a run under TLS. Where nothing
// proves the user, nothing that is said is secret.
func secretsOf(frames []session.Frame, setup session.Setup) []string {
	all := []string{setup.Client.User.Password.Text, setup.Server.Accounts[0].Password.Text}
	if m, known := sasl.Lookup(setup.Client.Mechanisms[0]); known && m.Facts.Crosses == sasl.CrossesNothing {
		return all
	}
	for i := range frames {
		for _, s := range frames[i].Steps() {
			switch s.Label {
			case "digest-hex", "sent-digest", "message", "token-message", "response", "response-base64":
				all = append(all, string(s.Out.Octets), base64.StdEncoding.EncodeToString(s.Out.Octets))
			}
		}
	}
	return all
}

// The whole page of a listener holds no secret under TLS, at any step of any
// scenario, with every dialog.
func TestListenersPageHoldsNoSecret(t *testing.T) {
	p := open(t, "en")
	looked := 0
	for _, sc := range scenario.All {
		p.act(actionLook, view.Both)
		p.act(actionChoose, sc.ID)
		setup := p.page.session.Setup()
		for slot, text := range map[view.Slot]string{view.Password: setup.Client.User.Password.Text, view.SlotStoredPassword + " 0": setup.Server.Accounts[0].Password.Text} {
			if slices.Contains([]string{"secret", "password", "Password"}, text) { // of an RFC's example, and words of the page
				p.act(actionEdit, edit{slot, "tanstaafl-" + text})
			}
		}
		frames := p.page.session.Frames()
		if !frames[len(frames)-1].ServerState.TLS {
			continue
		}
		looked++
		secrets := secretsOf(frames, p.page.session.Setup())
		if !view.Slots(p.page.session.Setup()).NoPassword {
			p.shows(secrets[0])
		}
		p.act(actionLook, view.Listener)
		for at := range frames {
			p.act(actionJump, at)
			for _, dialog := range []string{"", dialogDrawer, dialogShare} {
				p.page.dialog = dialog
				p.do(func(app.Context) {})
				html := p.html()
				for _, secret := range secrets {
					if len(secret) > 3 && strings.Contains(html, secret) {
						t.Errorf("%s, step %d, dialog %q: the page holds %q", sc.ID, at+1, dialog, secret)
					}
				}
			}
			p.page.dialog = ""
		}
	}
	if looked < 9 {
		t.Errorf("only %d scenarios are under TLS", looked)
	}
}

// TLS is swapped for clear text and back, at the same line.
func TestSwap(t *testing.T) {
	p := open(t, "en")
	p.act(actionLook, view.Listener)
	p.act(actionJump, 10)
	p.act(actionSwap, nil)
	p.shows("b913a602c7eda7a495b4e6e7334d3890", i18n.Load("en").T("ui.tap.back"))
	if f := p.page.session.Frames()[p.page.session.At()]; !strings.HasPrefix(string(f.Decoded), "tim ") || !p.page.edited {
		t.Errorf("without TLS one stands at %q", f.Octets)
	}
	p.act(actionEdit, edit{view.Password, "other"})
	p.act(actionSwap, nil)
	if at := p.page.session.At(); at != 10 {
		t.Errorf("back at step %d", at+1)
	}
	if setup := p.page.session.Setup(); setup.Client.TLS != client.StartTLS || setup.Client.User.Password.Text != "other" {
		t.Errorf("back with %+v", setup.Client)
	}
	p.act(actionEdit, edit{view.Password, "tanstaaftanstaaf"})
	if p.page.edited {
		t.Error("what is as it was is said to be changed")
	}
}
