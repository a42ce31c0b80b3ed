#!/bin/sh
# Trains and measures a study of Documentation/Studies.md:
#
#   Examples/studies/run.sh classes SEED [FOLDER]    six ways to give each class a code, on Aviary
#   Examples/studies/run.sh facades SEED [FOLDER]    pix2pix, guided, perceptual, both, on photographs
#
# Runs land in FOLDER/runs (default: the current folder), finished ones are not trained again. Settings
# in IMAGES or STEPS shorten the training; ONLY="groupdnet mulnet" trains some.
#   SQUEEZENET=FILE   weights of SqueezeNet 1.0 under torchvision's names, to see through
#   FACADES=FOLDER    the photographs, with train and val
#   WORKBENCH=FILE    the executable, by default that of `make`
set -eu
study=$1 seed=$2
here=$(cd "$(dirname "$0")" && pwd)
workbench=$(realpath "${WORKBENCH:-$here/../../.build/release/workbench}")
SQUEEZENET=$(realpath "$SQUEEZENET")
FACADES=$(realpath -m "${FACADES:-data/facades}")
features="{ use: \"perceptors/squeezenet\", weights: \"$SQUEEZENET\" }"
mkdir -p "${3:-.}"
cd "${3:-.}"

# train FILE NAME SEED [ARGUMENT]...: as runs/NAME-1, unless that has been finished.
train() {
  file=$1 run=$2 own=$3
  shift 3
  [ -e "runs/$run-1/finished" ] && return
  rm -rf "runs/$run-1"
  "$workbench" train "$here/$study/$file.json" --set name="$run" --set seed="$own" "$@"
  touch "runs/$run-1/finished"
}

# segmenter NAME: an entry of perceptors with the weights of the run NAME.
segmenter() {
  echo "{ use: \"perceptors/segmenter\", with: { classes: 12 }, weights: \"$PWD/runs/$1-1\" }"
}

case $study in
classes)
  for name in ${ONLY:-groupdnet vspade groupenc groupdec groupnet mulnet}; do
    train "$name" "$name-$seed" "$seed" ${IMAGES:+--set training.for.images=$IMAGES}
    "$workbench" evaluate "runs/$name-$seed-1" --table 'FID,mCSD,mOCD,LPIPS,FPS,#M' \
      --set "perceptors={ features: $features, similarity: { use: \"perceptors/lpips\", with: { trunk: \"perceptors.features\" } } }" \
      --set 'reports.metrics=[
        { use: "perceptors/fid", with: { network: "perceptors.features" } },
        { use: "perceptors/diversity", with: { network: "perceptors.similarity", maps: 50 } },
        { use: "perceptors/class-diversity", with: { network: "perceptors.similarity", maps: 50 } },
      ]'
  done
  ;;
facades)
  photographs="dataset.with.folder=$FACADES"
  # The judge is another segmenter than the one the losses see through.
  judge=judge-$seed
  train eyes "eyes-$seed" "$seed" --set "$photographs"
  # A run's weights are for the part of the same name.
  train eyes "$judge" "$((seed + 100))" --set "$photographs" \
    --set 'perceptors={ judge: { use: "perceptors/segmenter", with: { classes: 12 } } }' \
    --set stages.0.procedure.phases.0.updates=perceptors.judge
  for name in ${ONLY:-pix2pix guided perceptual both}; do
    case $name in
    perceptual | both) see="segmenter: $(segmenter "eyes-$seed")," ;;
    *) see= ;;
    esac
    train "$name" "$name-$seed" "$seed" --set "$photographs" \
      ${see:+--set "perceptors={ $see }"} ${STEPS:+--set training.for.steps=$STEPS}
    "$workbench" evaluate "runs/$name-$seed-1" --table 'FID,mean-iou,pixel-accuracy,FPS,#M' \
      --set "perceptors={ $see judge: $(segmenter "$judge"), features: $features }" \
      --set 'reports.metrics=[
        { use: "perceptors/fid", with: { network: "perceptors.features" } },
        { use: "perceptors/mean-iou", with: { segmenter: "perceptors.judge" } },
        { use: "perceptors/pixel-accuracy", with: { segmenter: "perceptors.judge" } },
      ]'
  done
  ;;
*)
  echo "there is no study $study: classes or facades" >&2
  exit 2
  ;;
esac
