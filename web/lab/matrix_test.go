//go:build !js

package lab

import (
	"testing"

	dialects "example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/matrix"
	"example.org/smtpauth/web/i18n"
)

// The place of the matrix is there once the dialects are, and every outcome and
// fault of it has words.
func TestPairs(t *testing.T) {
	all, err := dialects.All()
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, "en")
	p.act(actionOpen, dialogActs)
	p.act(actionActs, tabMatrix)
	p.shows(`class="acts-wait"`)
	p.page.dialects = all
	p.act(actionActs, tabMatrix)
	p.shows(`id="matrix"`)
	for _, lang := range i18n.Languages {
		text := i18n.LoadAll(lang)
		for _, o := range matrix.Outcomes {
			if !text.Has("matrix." + string(o)) {
				t.Errorf("%s lacks matrix.%s", lang, o)
			}
		}
	}
}

// A pair's session runs from the beginning of everything else and stands where
// it turned, or at its end.
func TestCross(t *testing.T) {
	all, err := dialects.All()
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, "en")
	p.act(actionActs, tabMatrix)
	p.act(actionPair, couple{"exim", "curl"}) // nothing is fetched yet
	if p.page.session.Setup().Server.Dialect != "" {
		t.Error("a pair meets before it is there")
	}
	p.page.dialects = all
	p.act(actionChoose, "stripped") // somebody else acts in it
	p.act(actionPair, couple{"mox-v0.0.11", "authelia-4.38.16"})
	frame := p.page.session.Frames()[p.page.session.At()]
	if setup := p.page.session.Setup(); setup.Server.Dialect != "mox-v0.0.11" || setup.Client.Dialect != "authelia-4.38.16" || string(frame.Octets) != "*\r\n" || len(p.page.inputs) > 0 {
		t.Errorf("%+v, %q", setup, frame.Octets)
	}
	p.act(actionPair, couple{"exim", "curl"})
	if s := p.page.session; s.At() != len(s.Frames())-1 || !s.Frames()[s.At()].ClientState.Delivered {
		t.Errorf("%d of %d", s.At(), len(s.Frames()))
	}
	before := p.page.session
	p.act(actionPair, couple{"exim", "nobody"})
	if p.page.session != before {
		t.Error("nobody meets exim")
	}
}
