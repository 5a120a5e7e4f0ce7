#!/usr/bin/env bash
# Boots what build.sh has built and runs JOB/run in there as root, with Java and LXC on the path.
#   run.sh BUILT JOB OUT
# JOB is a directory; inside it is /job. OUT receives console.txt, and report.txt with what the job prints; both grow
# while the machine runs.
# Ends with the status of the job; with 124 if the machine ran for more than LIMIT_SECONDS (240), and with 125 if it
# died on the way. Everything is emulated in software, one CPU after the other: no rights and no KVM are needed.
set -euo pipefail

usage='usage: run.sh BUILT JOB OUT'
built=${1:?$usage} job=${2:?$usage} out=${3:?$usage}

mkdir -p "$out"
rm -f "$out"/{console,report}.txt "$out/job.img"
size=$(du -sm "$job" | cut -f 1)
truncate -s $((size + size / 8 + 8))M "$out/job.img"
mkfs.ext4 -q -F -O ^has_journal -d "$job" "$out/job.img"

# Two CPUs that take turns on one thread of this machine: with a thread each, Java crashes now and then.
# Writes to the root disk go to a temporary file. Its tests have deadlines, so it goes before what else runs here, if it may.
status=0
TMPDIR=$(readlink -f "$out") nice -n -10 timeout --kill-after=5 "${LIMIT_SECONDS:-240}" qemu-system-x86_64 \
  -accel tcg,thread=single -machine q35 -cpu max -smp 2 -m 768 \
  -nodefaults -no-user-config -display none -no-reboot \
  -kernel "$built/vmlinuz" \
  -append 'console=ttyS0 quiet root=/dev/nvme0n1 rw rootwait panic=-1 psi=1 mitigations=off nokaslr tsc=reliable' \
  -serial "file:$out/console.txt" -serial "file:$out/report.txt" \
  -drive "file=$built/root.img,id=root,if=none,format=raw,snapshot=on" \
  -drive "file=$out/job.img,id=job,if=none,format=raw,read-only=on" \
  -device nvme,id=nvme,serial=sc -device nvme-ns,bus=nvme,drive=root,nsid=1 -device nvme-ns,bus=nvme,drive=job,nsid=2 \
  < /dev/null || status=$?
rm -f "$out/job.img"
case $status in
  0) ;;
  124 | 137) exit 124 ;;
  *) exit 125 ;;
esac
said=$(tail -n 1 "$out/report.txt")
case $said in
  'exit '*) exit "${said#exit }" ;;
  *) exit 125 ;;
esac
