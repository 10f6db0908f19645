package slim

import (
	"encoding/binary"
	"errors"
	"fmt"
)

const pageSize = 64 << 10 // octets (WebAssembly Core 2.0 §4.2.8)

// memory returns what a module's memory holds once it is instantiated
// (§4.5.4), from address 0 to the end of the last page with something in it.
func memory(sections []section) (image []byte, err error) {
	size := uint64(0)
	for _, s := range sections {
		r := reader{octets: s.octets}
		switch s.id {
		case memorySection:
			if r.unsigned() != 1 {
				return nil, errors.New("it has not just one memory")
			}
			r.octet() // whether there is a maximum
			size = pageSize * r.unsigned()
		case dataSection:
			for i := range r.unsigned() {
				if image, err = place(image, size, &r); err != nil {
					return nil, fmt.Errorf("data segment %d: %w", i, err)
				}
			}
		}
		if r.err != nil {
			return nil, fmt.Errorf("section of id %d: %w", s.id, r.err)
		}
	}
	return image, nil
}

// place reads a segment and copies it to its address in a memory of a size.
func place(image []byte, size uint64, r *reader) ([]byte, error) {
	kind, before, address, behind, octets := r.unsigned(), r.octet(), uint64(uint32(r.signed())), r.octet(), r.vector()
	last := address + uint64(len(octets))
	switch {
	case kind != 0 || before != constant || behind != end:
		return nil, errors.New("it has no fixed address in the memory")
	case r.err != nil:
		return nil, r.err
	case last > size:
		return nil, fmt.Errorf("it ends at %#x, in a memory of %#x octets", last, size)
	case last > uint64(len(image)):
		image = append(image, make([]byte, (last-uint64(len(image))+pageSize-1)/pageSize*pageSize)...)
	}
	copy(image[address:], octets)
	return image, nil
}

// gap is how many zeros in a row end a segment. The linker takes 8, which makes
// the fewest octets, but more of them when they are compressed.
const gap = 64

// data returns a data section that leaves a memory of zeros as the image.
func data(image []byte) []byte {
	var segments []byte
	count := uint64(0)
	for from := 0; ; count++ {
		for from < len(image) && image[from] == 0 {
			from++
		}
		if from == len(image) {
			return append(binary.AppendUvarint(nil, count), segments...)
		}
		to := from // behind the last octet that is not zero
		for i := from; i < len(image) && i < to+gap; i++ {
			if image[i] != 0 {
				to = i + 1
			}
		}
		segments = append(segments, 0, constant)
		segments = append(appendSigned(segments, int32(from)), end)
		segments = appendVector(segments, image[from:to])
		from = to
	}
}
