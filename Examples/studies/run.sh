#!/bin/sh
# Trains and measures a study of Documentation/Studies.md:
#
#   Examples/studies/run.sh classes SEED [FOLDER]    six ways to give each class a code, on Aviary
#   Examples/studies/run.sh facades SEED [FOLDER]    pix2pix, guided, perceptual, both, on photographs
#
# Runs land in FOLDER/runs (default: the current folder), finished ones are not trained again. At the end
# stands the table over all seeds that FOLDER holds. Settings in IMAGES or STEPS shorten the training;
# ONLY="groupdnet mulnet" trains some.
#   SQUEEZENET=FILE   weights of SqueezeNet 1.0 under torchvision's names, to see through
#   FACADES=FOLDER    the photographs, with train and val
#   WORKBENCH=FILE    the executable, by default that of `make`
set -eu
study=$1 seed=$2
here=$(cd "$(dirname "$0")" && pwd)
workbench=$(realpath "${WORKBENCH:-$here/../../.build/release/workbench}")
SQUEEZENET=$(realpath "$SQUEEZENET")
FACADES=$(realpath -m "${FACADES:-data/facades}")
mkdir -p "${3:-.}"
cd "${3:-.}"

# train FILE NAME [ARGUMENT]...: as runs/NAME-SEED-1, unless that has been finished.
train() {
  file=$1 run=$2-$seed
  shift 2
  [ -e "runs/$run-1/finished" ] && return
  rm -rf "runs/$run-1"
  "$workbench" train "$here/$study/$file.json" --set name="$run" --set seed="$seed" "$@"
  touch "runs/$run-1/finished"
}

# evaluate NAME TABLE [ARGUMENT]...: measures runs/NAME-SEED-1.
evaluate() {
  run=runs/$1-$seed-1 table=$2
  shift 2
  "$workbench" evaluate "$run" --table "$table" \
    --set "perceptors.features.weights=$SQUEEZENET" "$@"
}

case $study in
classes)
  names="groupdnet vspade groupenc groupdec groupnet mulnet"
  for name in ${ONLY:-$names}; do
    train "$name" "$name" ${IMAGES:+--set training.for.images=$IMAGES}
    # Half the maps that the table asks for.
    evaluate "$name" smis/diversity \
      --set reports.metrics.1.with.maps=50 --set reports.metrics.2.with.maps=50
  done
  ;;
facades)
  names="pix2pix guided perceptual both"
  photographs="dataset.with.folder=$FACADES"
  # What the losses see through; the judge is another segmenter, which the first `evaluate` trains.
  train eyes eyes --set "$photographs"
  for name in ${ONLY:-$names}; do
    case $name in
    perceptual | both) eyes="perceptors.segmenter.weights=$PWD/runs/eyes-$seed-1" ;;
    *) eyes= ;;
    esac
    train "$name" "$name" --set "$photographs" \
      ${eyes:+--set "$eyes"} ${STEPS:+--set training.for.steps=$STEPS}
    evaluate "$name" semantic-cgan/labels
  done
  ;;
*)
  echo "there is no study $study: classes or facades" >&2
  exit 2
  ;;
esac
echo
# shellcheck disable=SC2086 # names are words
"$here/table.sh" runs $names
